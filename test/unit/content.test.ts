import { describe, expect, it } from "vitest";
import { contentSchema, textOf } from "../../core/content/content.ts";
import { CONTENTS } from "../support/contents.ts";

describe("what an untracked code says", () => {
  it.each(CONTENTS)("is $text", ({ content, text }) => {
    expect(textOf(contentSchema.parse(content)).text).toBe(text);
  });

  it("has lines of at most 75 octets in a vCard, none of which cuts a character", () => {
    for (let length = 1; length <= 200; length++) {
      const { text } = textOf({
        vcard: { organization: "a".repeat(length % 7), note: "é日😀".repeat(length) },
      });
      const lines = text.split("\r\n");
      expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
      expect(text.replaceAll("\r\n ", "")).toContain("é日😀".repeat(length));
    }
  });

  const wifi = (fields: object) => ({ wifi: { ssid: "Guests", ...fields } });
  const vcard = (fields: object) => ({ vcard: { givenName: "Ann", ...fields } });
  it.each([
    [{}],
    [{ text: "a", phone: "+4930123456" }],
    [{ text: "" }],
    [{ text: "\ud800" }],
    [{ text: "a".repeat(10_001) }],
    [{ url: "https://example.com/" }],
    [wifi({ ssid: "" })],
    [wifi({ ssid: "ü".repeat(17) })],
    [wifi({ ssid: "a\nb" })],
    [wifi({ password: "short" })],
    [wifi({ password: "with\nline break" })],
    [wifi({ password: "x".repeat(64) })],
    [wifi({ password: "", security: "wpa" })],
    [wifi({ security: "wpa" })],
    [wifi({ password: "123456", security: "wep" })],
    [wifi({ password: "correct horse", security: "none" })],
    [wifi({ password: "correct horse", security: "WPA2" })],
    [{ vcard: { title: "Chef" } }],
    [vcard({ familyName: "a\r\nNOTE:b" })],
    [vcard({ url: "https://example.com/\r\nNOTE:b" })],
    [vcard({ url: "javascript:alert(1)" })],
    [vcard({ phones: Array(6).fill({ number: "+4930123456" }) })],
    [vcard({ emails: [{ address: "ann" }] })],
    [vcard({ emails: [{ address: "ann@example.com\r\nNOTE:b" }] })],
    [{ geo: { latitude: 90.1, longitude: 0 } }],
    [{ geo: { latitude: 0, longitude: 181 } }],
    [{ geo: { latitude: 0 } }],
    [{ geo: { latitude: Number.NaN, longitude: 0 } }],
    [{ email: { to: "a@b@c" } }],
    [{ email: { to: "ann@example.com,bob@example.com" } }],
    [{ email: { to: "ann@example.com", subject: "a\r\nBcc: b@example.com" } }],
    [{ phone: "030 123456" }],
    [{ phone: "+" }],
    [{ phone: "+1234567890123456" }],
    [{ phone: "+49;ext=1" }],
    ["text"],
    [null],
  ])("is refused as %j", (content) => {
    expect(contentSchema.safeParse(content).success).toBe(false);
  });
});
