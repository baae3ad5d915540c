import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeTag, pageTag, type TaggedCode, versionOf } from "../../core/code/code-tag.ts";
import { CODE_STATES } from "../../core/code/state.ts";
import { expectedVersions } from "../../functions/http/if-match.ts";
import { namesTag, tagOfGzip } from "../../functions/http/if-none-match.ts";

const tagged: fc.Arbitrary<TaggedCode> = fc.record({
  version: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  scans: fc.nat(),
  state: fc.constantFrom(...CODE_STATES),
});

/** What may stand in an entity tag. */
const opaque = fc
  .array(fc.constantFrom(..."!#%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~ÿ"), { maxLength: 12 })
  .map((characters) => `"${characters.join("")}"`);
const space = fc.constantFrom("", " ", "\t", "  ");

describe("a code's tag", () => {
  it("differs exactly where what it stands for does", () => {
    fc.assert(
      fc.property(tagged, tagged, (one, other) => {
        const same = one.version === other.version && one.scans === other.scans && one.state === other.state;
        expect(codeTag(one) === codeTag(other)).toBe(same);
      }),
    );
  });

  it("tells its version, compressed or not", () => {
    fc.assert(
      fc.property(tagged, (code) => {
        expect(versionOf(codeTag(code))).toBe(code.version);
        expect(versionOf(tagOfGzip(codeTag(code)))).toBe(code.version);
        expect(namesTag(tagOfGzip(codeTag(code)), codeTag(code))).toBe(true);
        expect(namesTag(`W/${codeTag(code)}`, codeTag(code))).toBe(true);
      }),
    );
  });

  it("is told apart from any other text: it is read without an error, as no version", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const version = versionOf(text);
        if (version !== undefined) expect(text).toMatch(/^"[1-9]\d*\./);
      }),
    );
  });
});

describe("a page's tag", () => {
  const page = fc.array(fc.tuple(tagged, fc.stringMatching(/^[A-Za-z0-9_-]{3,8}$/)), { maxLength: 4 });
  const shown = (codes: [TaggedCode, string][]) => codes.map(([code, qrId]) => ({ ...code, qrId }));

  it("differs exactly where the codes, their order or the next page do", () => {
    const cursor = fc.option(fc.constantFrom("a", "b"));
    fc.assert(
      fc.property(page, page, cursor, cursor, (one, other, next, otherNext) => {
        const same = JSON.stringify([one, next]) === JSON.stringify([other, otherNext]);
        expect(pageTag(shown(one), next) === pageTag(shown(other), otherNext)).toBe(same);
      }),
    );
  });
});

describe("If-Match", () => {
  it("accepts the versions of the strong tags of codes that a list holds, in whatever spacing", () => {
    const member = fc.oneof(
      tagged.map((code) => ({ text: codeTag(code), version: code.version as number | undefined })),
      tagged.map((code) => ({ text: `W/${codeTag(code)}`, version: undefined })),
      opaque.map((text) => ({ text, version: versionOf(text) })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(space, member, space), { minLength: 1, maxLength: 6 }), (members) => {
        const header = members.map(([before, { text }, after]) => before + text + after).join(",");
        const versions = members.flatMap(([, { version }]) => version ?? []);
        expect(expectedVersions(header)).toEqual(versions);
      }),
    );
  });

  it("is a list of tags, `*` or refused, whatever is sent", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'"*W/, \t1.ax\\'), maxLength: 20 }), (text) => {
        let versions: number[] | undefined | "refused";
        try {
          versions = expectedVersions(text);
        } catch {
          versions = "refused";
        }
        // https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1: a list may have empty members, and needs one that is not.
        const tag = '(W/)?"[^"\\s]*"';
        const isList = new RegExp(
          `^[\\s,]*${tag}([ \\t]*,([ \\t]*(${tag})?[ \\t]*,)*([ \\t]*(${tag})?)?)?[ \\t]*$`,
        );
        if (text.trim() === "*") expect(versions).toBeUndefined();
        else expect(versions === "refused").toBe(!isList.test(text));
      }),
      { numRuns: 2_000 },
    );
  });
});
