import { describe, expect, it } from "vitest";
import { printedBaseUrl } from "../../core/code/base-url.ts";
import { newAlphanumericId, newQrId } from "../../core/code/new-id.ts";
import { scanUrl } from "../../core/code/qr-code.ts";
import { alphanumericRules } from "../../core/code/request-fields.ts";
import { modeOf } from "../../core/picture/capacity.ts";

/** What is wrong with a code for alphanumeric mode below a base URL. */
const problemsBelow = (base: string, qrId?: string) =>
  alphanumericRules(printedBaseUrl(base))
    .filter(({ holds }) => !holds({ alphanumeric: true, ...(qrId === undefined ? {} : { qrId }) }))
    .map(({ error: { path, error } }) => `${path} ${error}`);

describe("a code for alphanumeric mode", () => {
  it.each(["https://qr.example.com", "https://QR.example.com:8443/", "https://qr.example.com/A/B-1"])(
    "can be had below %s, where its whole scan URL is of that mode",
    (base) => {
      expect(problemsBelow(base)).toEqual([]);
      const url = scanUrl(printedBaseUrl(base), { qrId: newAlphanumericId(), alphanumeric: true });
      expect(modeOf(url)).toBe("alphanumeric");
      // The same address to a browser.
      expect(new URL(url).host).toBe(new URL(base).host);
    },
  );

  it.each(["https://qr.example.com/v1", "https://qr.example.com/A/b", "https://qr.example.com/A_B"])(
    "can't be had below %s, whose path means another in capitals or is not of that mode",
    (base) => {
      expect(problemsBelow(base)).toEqual([
        "alphanumeric can't be had here: scan URLs lie below a path that is not in capitals",
      ]);
    },
  );

  it("has an ID as hard to guess as any other", () => {
    /** Bits of the random part, by the characters that are seen in it. */
    const bitsOf = (ids: readonly string[]) => {
      const random = ids.map((id) => id.slice(3));
      return (random[0]?.length ?? 0) * Math.log2(new Set(random.join("")).size);
    };
    const many = <T>(make: () => T) => Array.from({ length: 2_000 }, make);
    expect(bitsOf(many(newAlphanumericId))).toBeGreaterThanOrEqual(bitsOf(many(newQrId)));
  });
});
