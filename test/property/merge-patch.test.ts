import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalText, SEEN, UNFIT_IN_TEXT } from "../../core/code/unseen.ts";
import { patchBody } from "../../functions/patch/schema.ts";

const schema = patchBody("https://qr.example.com");

/** In ms. */
const FIRST = Date.parse("2000-01-01T00:00:00.000Z");
const MIDDLE = Date.parse("2030-01-01T00:00:00.000Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

const text = (maxLength: number) =>
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength })
    .map((value) => canonicalText(value, maxLength))
    .filter((value) => value.length <= maxLength && SEEN.test(value) && !UNFIT_IN_TEXT.test(value));
const instant = (min: number, max: number) =>
  fc.date({ min: new Date(min), max: new Date(max), noInvalidDate: true }).map((date) => date.toISOString());
const url = fc.webUrl({ withQueryParameters: true });

/** Any valid value of each field that is no `null`; the window stays in order. */
const VALUES = {
  targetUrl: url,
  status: fc.constantFrom("active", "paused"),
  name: text(200),
  tags: fc.uniqueArray(text(50), { maxLength: 20 }),
  startsAt: instant(FIRST, MIDDLE - 1),
  expiresAt: instant(MIDDLE, LAST),
  maxScans: fc.integer({ min: 1, max: 2_147_483_647 }),
  fallbackUrl: url,
};
type Field = keyof typeof VALUES;
const CLEARABLE = ["name", "tags", "startsAt", "expiresAt", "maxScans", "fallbackUrl"] as const;
const fields = Object.keys(VALUES) as Field[];

const orNull = (field: Field): fc.Arbitrary<unknown> =>
  CLEARABLE.some((name) => name === field) ? fc.option<unknown>(VALUES[field], { freq: 3 }) : VALUES[field];

/** Any patch with at least one field. */
const patch = fc
  .record(Object.fromEntries(fields.map((field) => [field, orNull(field)])), { requiredKeys: [] })
  .filter((members) => Object.keys(members).length > 0);

describe("a merge patch", () => {
  it("changes exactly the fields that it names, to exactly what it says, and null clears", () => {
    fc.assert(
      fc.property(patch, (given) => {
        const parsed = schema.parse(JSON.parse(JSON.stringify(given)));
        const expected = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, name === "tags" ? (value ?? []) : value]),
        );
        expect(parsed).toStrictEqual(expected);
        expect(Object.keys(parsed).sort()).toEqual(Object.keys(given).sort());
      }),
      { numRuns: 200 },
    );
  });

  it("says the same when it is sent again as it was understood", () => {
    fc.assert(
      fc.property(patch, (given) => {
        const once = schema.parse(given);
        expect(schema.parse(once)).toStrictEqual(once);
      }),
    );
  });

  it("is refused whole if it names one unknown field", () => {
    const unknown = fc.string({ unit: "binary" }).filter((name) => !(fields as string[]).includes(name));
    fc.assert(
      fc.property(patch, unknown, fc.jsonValue(), (given, name, value) => {
        const body = Object.defineProperty({ ...given }, name, { value, enumerable: true });
        expect(schema.safeParse(body).success).toBe(false);
      }),
    );
  });

  it("is refused, and never throws, for any JSON that is no such object", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const known = typeof value === "object" && value !== null && fields.some((field) => field in value);
        fc.pre(!known);
        const result = schema.safeParse(value);
        expect(result.success).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("never throws for any JSON in a field, and takes only what a code can hold", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const result = schema.safeParse({ [field]: value });
        const clears = value === null && CLEARABLE.some((name) => name === field);
        if (clears) expect(result.data).toEqual({ [field]: field === "tags" ? [] : null });
        else if (value === null) expect(result.success).toBe(false);
        else if (!result.success) expect(result.error.issues[0]?.path[0]).toBe(field);
        else expect(typeof result.data[field]).toBe(typeof value);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps an instant the same instant at any offset", () => {
    const offset = fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 0, max: 23 * 60 + 59 }));
    fc.assert(
      fc.property(instant(MIDDLE, LAST - 2 * 86_400_000), offset, (utc, [sign, minutes]) => {
        const local = new Date(Date.parse(utc) + (sign === "+" ? 1 : -1) * minutes * 60_000);
        const two = (value: number) => String(value).padStart(2, "0");
        const suffix = `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
        const written = local.toISOString().replace("Z", suffix);
        expect(schema.parse({ expiresAt: written })).toEqual({ expiresAt: utc });
      }),
      { numRuns: 300 },
    );
  });
});
