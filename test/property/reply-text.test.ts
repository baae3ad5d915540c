import fc from "fast-check";
import { expect, it } from "vitest";
import type { Field, Kind } from "../../core/code/fields.ts";
import { FIELDS, presentCode, type StoredCode } from "../../core/code/qr-code.ts";
import { spliced, textOfCode, textOfCodes } from "../../core/code/reply-text.ts";
import {
  codeEntry,
  codeIn,
  listEntry,
  parseCodeEntry,
  parseListEntry,
} from "../../data/redis/reply-entry.ts";

const NOON = Date.UTC(2030, 0, 1, 12);
const text = fc.string({ unit: fc.constantFrom(...'a0",:{}[]\\\n\u2028\ud800éß漢🎈', "state", "scans") });
const instant = fc.integer({ min: NOON - 2, max: NOON + 2 }).map((at) => new Date(at).toISOString());

const id = fc.stringMatching(/^[A-Za-z0-9_-]{3,64}$/);

/** Any value of a kind, and then some. */
const VALUES: Record<Kind, (field: Field) => fc.Arbitrary<unknown>> = {
  id: () => id,
  text: () => text,
  texts: () => fc.array(text, { maxLength: 3 }),
  choice: (field) => fc.constantFrom(...(field.kind === "choice" ? field.of : [])),
  instant: () => instant,
  integer: () => fc.integer({ min: 1, max: 3 }),
  url: () => text,
  flag: () => fc.boolean(),
  style: () => fc.record({ color: text }),
};

const code = fc.record(
  Object.fromEntries(
    FIELDS.map(([name, field]) => {
      const value = VALUES[field.kind](field);
      return [name, field.default === null ? fc.option(value) : value];
    }),
  ),
) as unknown as fc.Arbitrary<StoredCode>;
const scanned = fc.tuple(code, fc.integer({ min: 0, max: 4 }));
const baseUrl = fc.constantFrom("https://qr.example.com", "http://127.0.0.1:3002/a'b", 'https://q"\\é/');

it("a spliced reply is what JSON.stringify makes of the codes, also after it was cached", () => {
  const states = new Set<string>();
  fc.assert(
    fc.property(fc.array(scanned, { maxLength: 5 }), baseUrl, fc.option(text), (codes, base, nextCursor) => {
      const shown = codes.map(([stored, scans]) => presentCode(stored, scans, base, NOON));
      for (const { state } of shown) states.add(state);
      const scans = codes.map(([, count]) => count);
      const stored = codes.map(([one]) => one);
      const page = { ...textOfCodes(stored.map((code) => ({ code }))), nextCursor };
      const cached = parseListEntry(listEntry(page));
      expect(cached).toEqual(page);
      for (const reply of [page, cached ?? expect.unreachable("it was a miss")])
        expect(spliced(reply, scans, base, NOON)).toBe(JSON.stringify(shown));
      // A day's scans stand behind those of all days.
      const today = scans.map((count) => 4 - count);
      const daily = shown.map((code, index) => ({ ...code, today: today[index] }));
      expect(spliced(page, scans, base, NOON, today)).toBe(JSON.stringify(daily));
    }),
    { numRuns: 500 },
  );
  expect([...states].sort()).toEqual(["early", "exhausted", "expired", "open", "paused"]);
});

it("of one code likewise, and the code can be had of it", () => {
  fc.assert(
    fc.property(scanned, baseUrl, ([stored, scans], base) => {
      const reply = textOfCode(stored);
      const expected = JSON.stringify(presentCode(stored, scans, base, NOON));
      expect(spliced(reply, [scans], base, NOON)).toBe(expected);
      const cached = parseCodeEntry(codeEntry(reply)) ?? expect.unreachable("it was a miss");
      expect(spliced(cached, [scans], base, NOON)).toBe(expected);
      expect(JSON.stringify(codeIn(cached))).toBe(JSON.stringify(stored));
    }),
    { numRuns: 500 },
  );
});

it("a count that is missing is 0", () => {
  fc.assert(
    fc.property(code, (stored) => {
      const shown = JSON.stringify(presentCode(stored, 0, "", NOON));
      expect(spliced(textOfCode(stored), [], "", NOON)).toBe(shown);
    }),
    { numRuns: 20 },
  );
});
