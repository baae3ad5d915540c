import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalText } from "../../core/code/unseen.ts";

const text = fc.string({ unit: "binary", maxLength: 50 });

it("a text is the same however it was composed, and whatever spaces stand around it", () => {
  fc.assert(
    fc.property(text, fc.constantFrom("", " ", "\u3000", "\u200b\n", "\ufeff"), (given, space) => {
      const canonical = canonicalText(given, 1_000);
      expect(canonicalText(canonical, 1_000)).toBe(canonical);
      expect(canonicalText(given.normalize("NFD"), 1_000)).toBe(canonical);
      expect(canonicalText(`${space}${given}${space}`, 1_000)).toBe(canonical);
    }),
    { numRuns: 1_000 },
  );
});

it("no character takes more code units decomposed than are allowed for", () => {
  let most = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code).toWellFormed().normalize("NFC");
    most = Math.max(most, character.normalize("NFD").length / character.length);
  }
  expect(most).toBeLessThanOrEqual(4);
  expect(canonicalText("ᾂ".normalize("NFD").repeat(50), 50)).toBe("ᾂ".repeat(50));
});
