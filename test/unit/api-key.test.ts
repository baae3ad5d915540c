import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEY_ID, newKey, parseKey, sameHash } from "../../core/auth/api-key.ts";

const BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("an API key", () => {
  it("is one word of a fixed form, and no two are alike", () => {
    const keys = Array.from({ length: 100 }, newKey);
    for (const { keyId, text } of keys) {
      expect(text).toMatch(/^qrs_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}$/);
      expect(keyId).toMatch(KEY_ID);
      expect(text).toContain(`_${keyId}_`);
    }
    expect(new Set(keys.map(({ text }) => text)).size).toBe(keys.length);
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(keys.length);
  });

  it("has GitHub's checksum: CRC-32 of what stands before it, in base 62, padded", () => {
    for (let times = 0; times < 100; times++) {
      const { text } = newKey();
      const value = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + BASE_62.indexOf(digit), 0);
      expect(value).toBe(crc32(text.slice(0, -6)));
    }
  });

  it("is recognised by its checksum: any other text of its form is none", () => {
    const { text } = newKey();
    const place = fc.integer({ min: 4, max: text.length - 1 }).filter((at) => text[at] !== "_");
    fc.assert(
      fc.property(place, fc.constantFrom(...BASE_62), (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        expect(parseKey(changed) !== undefined).toBe(changed === text);
      }),
    );
  });

  it.each(["", "qrs_", "qrs__", "x", "QRS_"])("is not %j", (text) => {
    expect(parseKey(text)).toBeUndefined();
  });

  it("does not show in its hash", () => {
    const { text, hash } = newKey();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(text).not.toContain(hash);
    expect(sameHash(hash, parseKey(text)?.hash ?? "")).toBe(true);
    expect(sameHash(hash, newKey().hash)).toBe(false);
    expect(sameHash(hash, "")).toBe(false);
  });
});
