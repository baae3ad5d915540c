import fc from "fast-check";
import { expect, it } from "vitest";
import { ECC_LEVELS, type Ecc } from "../../core/picture/ecc.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";

/** Characters that versions 1 to 40 hold in byte mode (ISO/IEC 18004:2015, Table 7). */
const BYTES: Record<Ecc, string> = {
  L: `17 32 53 78 106 134 154 192 230 271 321 367 425 458 520 586 644 718 792 858
    929 1003 1091 1171 1273 1367 1465 1528 1628 1732 1840 1952 2068 2188 2303 2431 2563 2699 2809 2953`,
  M: `14 26 42 62 84 106 122 152 180 213 251 287 331 362 412 450 504 560 624 666
    711 779 857 911 997 1059 1125 1190 1264 1370 1452 1538 1628 1722 1809 1911 1989 2099 2213 2331`,
  Q: `11 20 32 46 60 74 86 108 130 151 177 203 241 258 292 322 364 394 442 482
    509 565 611 661 715 751 805 868 908 982 1030 1112 1168 1228 1283 1351 1423 1499 1579 1663`,
  H: `7 14 24 34 44 58 64 84 98 119 137 155 177 194 220 250 280 310 338 382
    403 439 461 511 535 593 625 658 698 742 790 842 898 958 983 1051 1093 1139 1219 1273`,
};

/** The same of alphanumeric mode, in which a scan URL in capitals is written: versions 1 to 10. */
const ALPHANUMERIC: Record<Ecc, string> = {
  L: "25 47 77 114 154 195 224 279 335 395",
  M: "20 38 61 90 122 154 178 221 262 311",
  Q: "16 29 47 67 87 108 125 157 189 221",
  H: "10 20 35 50 64 84 93 122 143 174",
};

/** The smallest version of a table that holds so many characters; `undefined` if none does. */
function smallest(table: Record<Ecc, string>, ecc: Ecc, length: number): number | undefined {
  const index = table[ecc].split(/\s+/).findIndex((capacity) => length <= Number(capacity));
  return index < 0 ? undefined : index + 1;
}

const versionOf = (text: string, ecc: Ecc) => (qrMatrix(text, ecc).length - 17) / 4;

const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }).filter((text) => /^[\0-\x7f]+$/.test(text)),
  fc.stringMatching(/^https:\/\/qr\.example\.com\/scan\/[A-Za-z0-9_-]{3,64}$/),
  fc
    .tuple(
      fc.stringMatching(/^https:\/\/[a-z]{2,12}\.example\/$/),
      fc.stringMatching(/^[a-z0-9/?&=]{0,600}$/),
    )
    .map((parts) => parts.join("")),
);

it("the code of a URL is of the smallest version that holds it, at each level", () => {
  fc.assert(
    fc.property(url, (text) => {
      for (const ecc of ECC_LEVELS) {
        const version = smallest(BYTES, ecc, text.length);
        if (version !== undefined) expect([ecc, versionOf(text, ecc)]).toEqual([ecc, version]);
      }
    }),
    { numRuns: 200 },
  );
});

it("so is that of a scan URL in capitals", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^HTTPS:\/\/[A-Z]{1,20}\.EXAMPLE\/SCAN\/[A-Z0-9]{3,64}$/), (text) => {
      for (const ecc of ECC_LEVELS)
        expect([ecc, versionOf(text, ecc)]).toEqual([ecc, smallest(ALPHANUMERIC, ecc, text.length)]);
    }),
    { numRuns: 200 },
  );
});

it("fills each version to the last character before the next one is taken", () => {
  for (const ecc of ECC_LEVELS) {
    const capacities = BYTES[ecc].split(/\s+/).map(Number);
    for (const [index, capacity] of capacities.entries()) {
      expect([ecc, index + 1, versionOf("a".repeat(capacity), ecc)]).toEqual([ecc, index + 1, index + 1]);
    }
  }
});
