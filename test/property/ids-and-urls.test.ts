import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../core/code/cursor.ts";
import { MAX_URL_LENGTH, redirectLocation, targetUrlProblem } from "../../core/code/target-url.ts";
import { QR_ID, TENANT_ID } from "../../core/ids.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { matchRoute } from "../../functions/http/match-route.ts";

const BASE = "https://qr.example.com";

/** In ms: a failure needs longer than vitest's default to shrink to a readable example. */
const TIMEOUT = 60_000;

const ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/** Pieces of which URLs that are meant to deceive are put together. */
const PIECES = [
  ..."/\\.:@?#%&;=[] \t\r\n\u0000\u007f\u0085ü。／＠😀\ud800\udfff'\"<>`{}|^",
  ...["http", "https", "HTTPS", "javascript", "data", "ftp", "://", "//", "..", "%2e", "%2F", "%5c", "%00"],
  ...[
    "%0d%0a",
    "%73",
    "scan",
    "SCAN",
    "qr.example.com",
    "QR.EXAMPLE.COM.",
    "ｑｒ.example.com",
    "example.com",
  ],
  ...["xn--", "[::1]", "127.1", ":443", ":80", ":0", ":99999", "user", "qr_abc", "x", "a".repeat(2_030)],
];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map((parts) => parts.join(""));
const anyString = fc.oneof(
  pieces,
  pieces.map((rest) => `https://${rest}`),
  pieces.map((rest) => `https://example.com/${rest}`),
  pieces.map((rest) => `${BASE}/${rest}`),
  fc.string({ unit: "binary" }),
  // Any UTF-16 at all, lone surrogates among it.
  fc.array(fc.nat(0xffff), { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
);

/** Whether the gateway would route a request for this URL to a scan, by any name of this host. */
function isScan(url: URL): boolean {
  const host = url.hostname.replace(/\.$/, "");
  return (
    host === "qr.example.com" && url.port === "" && matchRoute("GET", url.pathname)?.route.name === "scan"
  );
}

describe("the URL rule", () => {
  it("never throws, and accepts nothing but a safe redirect", { timeout: TIMEOUT }, () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyString, (value) => {
        const problem = targetUrlProblem(value, BASE);
        if (problem !== undefined) {
          expect(problem).toMatch(/^must /);
          return;
        }
        accepted += 1;
        const location = redirectLocation(value);
        expect(location).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
        expect(location.length).toBeLessThanOrEqual(MAX_URL_LENGTH);
        const normalised = new URL(location);
        expect([normalised.username, normalised.password]).toEqual(["", ""]);
        // What is redirected to is judged as what was given: else a PATCH with a read value could fail.
        expect(targetUrlProblem(location, BASE)).toBeUndefined();
        let url = new URL(value);
        for (let round = 0; round < 4; round++) {
          expect(isScan(url)).toBe(false);
          url = new URL(url.href);
        }
        expect(url.href).toBe(location);
      }),
      { numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  const flips = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
  const inAnyCase = (text: string, flip: boolean[]) =>
    [...text].map((char, at) => (flip[at] ? char.toUpperCase() : char.toLowerCase())).join("");
  const escaped = (text: string, flip: boolean[]) =>
    [...text]
      .map((char, at) => (flip[at] ? `%${inAnyCase(char.charCodeAt(0).toString(16), flip.slice(1))}` : char))
      .join("");

  const plain = ["/", "\\"];
  const encoded = ["%2f", "%2F", "%5c", "%5C"];
  const slash = fc.constantFrom(...plain, "//", "/\\", "\\/%2F", ...encoded);

  /** Segments that lead nowhere, as a URL parser takes them, or a proxy that decodes the path first. */
  const detours = (slashes: string[]) => {
    const up = fc.constantFrom("..", "%2e%2E", ".%2e", "%2E.");
    const within = fc.constantFrom(...slashes);
    const aside = fc.tuple(fc.constantFrom("x", "scan", "%20"), within, up).map((parts) => parts.join(""));
    const detour = fc.tuple(fc.oneof(fc.constantFrom(".", "%2e"), aside), within, fc.constantFrom(1, 3));
    return fc
      .array(detour, { maxLength: 3 })
      .map((parts) => parts.map(([segment, end, times]) => segment + end.repeat(times)).join(""));
  };

  /** A scan URL of this service, written as it is not usually written. */
  const ownScanUrl = fc
    .record({
      scheme: fc.constantFrom("https", "http"),
      flip: flips,
      dot: fc.constantFrom("", ".", "%2e", "。"),
      port: fc.constantFrom("", ":", "default", "padded"),
      first: fc.constantFrom("/", "\\"),
      // In this order: after an escaped slash a parser would still resolve `..`, to another place.
      parsed: detours(plain),
      decoded: detours(encoded),
      between: slash,
      id: fc.string({ unit: fc.constantFrom(...ID_CHARACTERS), minLength: 3, maxLength: 12 }),
      escapes: flips,
      rest: fc.constantFrom("", "?a=b", "#top", "/", "?/../x", "#/../.."),
    })
    .map((part) => {
      const number = part.scheme === "https" ? "443" : "80";
      const port = { "": "", ":": ":", default: `:${number}`, padded: `:00${number}` }[part.port];
      const host = escaped(inAnyCase("qr.example.com", part.flip), part.escapes) + part.dot;
      const scan = escaped(inAnyCase("scan", part.flip), part.escapes);
      const id = escaped(part.id, part.escapes.slice(4));
      const scheme = inAnyCase(part.scheme, part.flip);
      return `${scheme}://${host}${port}${part.first}${part.parsed}${part.decoded}${scan}${part.between}${id}${part.rest}`;
    });

  it("refuses this service's scan URLs however they are written", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(ownScanUrl, (url) => {
        expect(targetUrlProblem(url, BASE)).toBe("must not be a scan URL of this service");
      }),
      { numRuns: 3_000 },
    );
  });

  it("refuses nothing else on this host, or on another, for being a scan URL", () => {
    const word = fc
      .string({ unit: fc.constantFrom(...ID_CHARACTERS, ".", "~"), minLength: 1, maxLength: 8 })
      .filter((text) => text.toLowerCase() !== "scan" && !/^\.+$/.test(text));
    const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("/"));
    fc.assert(
      fc.property(path, (rest) => {
        expect(targetUrlProblem(`${BASE}/${rest}`, BASE)).toBeUndefined();
        expect(targetUrlProblem(`${BASE}/v1/scan/${rest}`, BASE)).toBeUndefined();
        expect(targetUrlProblem(`https://qr.example.org/scan/${rest}`, BASE)).toBeUndefined();
        expect(targetUrlProblem(`https://qr.example.com:8443/scan/${rest}`, BASE)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

describe("the ID rules", () => {
  /** Few characters, so that two IDs are often nearly alike. */
  const shortId = fc.string({ unit: fc.constantFrom("a", "A", "-", "_", "1"), minLength: 1, maxLength: 5 });
  const id = fc.string({ unit: fc.constantFrom(...ID_CHARACTERS), minLength: 1, maxLength: 64 });
  const tenantId = fc.oneof(shortId, id);
  const qrId = tenantId.map((text) => text.padEnd(3, "-"));
  const date = fc.constantFrom("2030-01-31", "2030-02-01");

  /** Every key by its kind and by what it must depend on. */
  const keysOf = (tenant: string, code: string, day: string): Record<string, string> => {
    const guarded = {
      [`list ${tenant}`]: CacheKeys.list(tenant),
      [`code ${tenant} ${code}`]: CacheKeys.code(tenant, code),
      [`link ${code}`]: CacheKeys.link(code),
    };
    const fences = Object.entries(guarded).map(([of, key]) => [`fence of ${of}`, CacheKeys.fence(key)]);
    return {
      ...guarded,
      ...Object.fromEntries(fences),
      [`scans ${code}`]: CacheKeys.scanCount(code),
      [`scans ${code} ${day}`]: CacheKeys.dailyScanCount(code, day),
      outbox: CacheKeys.outbox,
    };
  };

  /** Two pairs of a tenant and a code: any two, or two that read the same once they are written in a row. */
  const pair = fc.tuple(tenantId, qrId);
  const cutElsewhere = fc
    .tuple(qrId, qrId, qrId, fc.constantFrom("_", "-", ""))
    .filter(([left, middle, right]) => left.length + middle.length + right.length <= 62)
    .map(([left, middle, right, join]) => [
      [left, middle + join + right] as const,
      [left + join + middle, right] as const,
    ]);
  const endsInDate = fc
    .tuple(tenantId, qrId, fc.constantFrom("_", "-", ""), date)
    .filter(([, code]) => code.length <= 50)
    .map(([tenant, code, join, day]) => [[tenant, code] as const, [tenant, code + join + day] as const]);
  const pairs = fc.oneof(fc.tuple(pair, pair), cutElsewhere, endsInDate);

  it("keep the keys of any two tenants and codes apart, whatever their IDs", () => {
    fc.assert(
      fc.property(pairs, date, date, (both, day1, day2) => {
        const keys: Record<string, string> = {};
        for (const [index, [tenant = "", code = ""]] of both.entries()) {
          expect(tenant).toMatch(TENANT_ID);
          expect(code).toMatch(QR_ID);
          Object.assign(keys, keysOf(tenant, code, index === 0 ? day1 : day2));
        }
        expect(new Set(Object.values(keys)).size).toBe(Object.keys(keys).length);
      }),
      { numRuns: 1_000 },
    );
  });

  it("let no key hold a character that Redis reads as a pattern, or that ends a command", () => {
    fc.assert(
      fc.property(tenantId, qrId, date, (tenant, code, day) => {
        for (const key of Object.values(keysOf(tenant, code, day))) expect(key).toMatch(/^[A-Za-z0-9_:-]+$/);
      }),
    );
  });

  it("refuse an ID with any character that bends a key, wherever it stands", () => {
    const bending = fc.oneof(
      fc.constantFrom(..."*?[]^\\:{} \n\r\t\u0000/%.,'\"$ü٣😀\ud800\u2028ｱ"),
      fc
        .string({ unit: "binary", minLength: 1, maxLength: 1 })
        .filter((char) => !ID_CHARACTERS.includes(char)),
    );
    fc.assert(
      fc.property(id, bending, fc.nat(64), (text, char, position) => {
        const bent = text.slice(0, position) + char + text.slice(position);
        expect(bent).not.toMatch(QR_ID);
        expect(bent).not.toMatch(TENANT_ID);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a cursor", () => {
  const BOUNDS = { min: new Date("0001-01-01T00:00:00.000Z"), max: new Date("9999-12-31T23:59:59.999Z") };
  const position = fc.record({
    createdAt: fc.date({ ...BOUNDS, noInvalidDate: true }).map((date) => date.toISOString()),
    qrId: fc.string({ unit: fc.constantFrom(...ID_CHARACTERS), minLength: 3, maxLength: 64 }),
  });

  it("comes back as the position it was made of, whichever that is", () => {
    fc.assert(
      fc.property(position, (given) => {
        const cursor = encodeCursor(given);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(cursor)).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  const anyCharacter = fc.oneof(
    fc.constantFrom(...ID_CHARACTERS, "=", "+", "/", " "),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  /** A cursor with characters exchanged, put in or left out. */
  const mutated = fc
    .tuple(
      position.map(encodeCursor),
      fc.array(fc.tuple(fc.nat(130), fc.nat(2), fc.oneof(anyCharacter, fc.constant(""))), { maxLength: 4 }),
    )
    .map(([cursor, changes]) =>
      changes.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), cursor),
    );
  /** Well-formed base64url around something that may be no position. */
  const forged = fc
    .tuple(
      fc.oneof(
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        fc.constantFrom("0000-01-01T00:00:00.000Z", "2030-02-30T00:00:00.000Z", "infinity", "now", ""),
        fc.string(),
      ),
      fc.oneof(fc.string({ unit: fc.constantFrom(...ID_CHARACTERS, ":", "*"), maxLength: 70 }), fc.string()),
      fc.constantFrom(" ", "  ", "", "\n"),
    )
    .map(([createdAt, id, space]) => Buffer.from(createdAt + space + id).toString("base64url"));

  it("that was tampered with is refused or names a position that Postgres and the list can take", () => {
    fc.assert(
      fc.property(fc.oneof(mutated, forged, fc.string({ unit: "binary" })), (cursor) => {
        const decoded = decodeCursor(cursor);
        if (decoded === undefined) return;
        expect(encodeCursor(decoded)).toBe(cursor);
        expect(decoded.qrId).toMatch(QR_ID);
        const instant = new Date(decoded.createdAt);
        expect(instant.toISOString()).toBe(decoded.createdAt);
        expect(instant >= BOUNDS.min && instant <= BOUNDS.max).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
