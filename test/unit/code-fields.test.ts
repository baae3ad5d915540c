import { describe, expect, it } from "vitest";
import * as z from "zod";
import { printedBaseUrl } from "../../core/code/base-url.ts";
import { presentCode, scanUrl } from "../../core/code/qr-code.ts";
import { BODY_ERROR, patchFields, WINDOW_ERROR, windowInOrder } from "../../core/code/request-fields.ts";
import type { Invalid } from "../../core/errors.ts";
import { validate } from "../../functions/http/validate.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";

const BASE = "https://qr.example.com";
const schema = z.strictObject(patchFields(BASE), BODY_ERROR).partial().refine(windowInOrder, WINDOW_ERROR);

/** What a client is told about a body. */
function told(body: unknown): string[] {
  try {
    validate(schema, body, "body");
    return [];
  } catch (error) {
    return ((error as Invalid).errors ?? []).map(({ path, message }) => `${path} ${message}`);
  }
}

const TEXT = "must not contain control characters, lost characters (U+FFFD) or any that turn its direction";
const TIMESTAMP = "must be an ISO 8601 timestamp with an offset, such as 2030-01-31T12:00:00Z";
const YEARS = "must lie between the years 2000 and 9999";
const tags = (count: number) => Array.from({ length: count }, (_, index) => `tag ${index}`);

describe("whoever sends a wrong field is told what it may be:", () => {
  it.each<[string, unknown, string, string?]>([
    ["name", 7, "must be a string"],
    ["name", "", "must not be empty"],
    ["name", "x".repeat(201), "must have at most 200 characters"],
    ["name", "a\u0000b", TEXT],
    ["name", "a\u001fb", TEXT],
    ["name", "a\u007fb", TEXT],
    ["name", "a\u009fb", TEXT],
    ["name", "a\u2029b", TEXT],
    ["name", "\ud800", TEXT],
    ["name", "a\u202eb", TEXT],
    ["name", "a\u2066b", TEXT],
    ["name", "caf\ufffd", TEXT],
    ["name", "a\uffffb", TEXT],
    ["name", "   ", "must not be empty"],
    ["name", "\u200b\u3000", "must not be empty"],
    ["name", "\u3164\u2800", "must have a character that can be seen"],
    ["tags", ["\ufe0f"], "must have a character that can be seen", "tags.0"],
    ["tags", ["é", "e\u0301"], "must not repeat an entry"],
    ["tags", ["a", " a"], "must not repeat an entry"],
    ["tags", "menu", "must be an array of strings"],
    ["tags", tags(21), "must have at most 20 entries"],
    ["tags", ["a", "b", "a"], "must not repeat an entry"],
    ["tags", ["a", 7], "must be a string", "tags.1"],
    ["tags", [""], "must not be empty", "tags.0"],
    ["tags", ["x".repeat(51)], "must have at most 50 characters", "tags.0"],
    ["startsAt", "2030-01-31T12:00:00", TIMESTAMP],
    ["startsAt", "1999-12-31T23:59:59.999Z", YEARS],
    ["expiresAt", "9999-12-31T23:59:59-00:01", YEARS],
    ["expiresAt", 7, TIMESTAMP],
    ["maxScans", 1.5, "must be a whole number"],
    ["maxScans", "1", "must be a whole number"],
    ["maxScans", 0, "must be at least 1"],
    ["maxScans", 2_147_483_648, "must be at most 2147483647"],
    ["targetUrl", 7, "must be a string"],
    ["targetUrl", null, "must be a string"],
    ["targetUrl", "ftp://example.com", "must be an absolute http or https URL"],
    ["fallbackUrl", "https://a@example.com", "must not contain a user name or password"],
    ["fallbackUrl", `${BASE}/scan/qr_1`, "must not be a scan URL of this service"],
    ["colour", "red", "is not a known field"],
  ])("%s, sent as %j", (field, value, message, path = field) => {
    expect(told({ [field]: value })).toEqual([`${path} ${message}`]);
  });

  it("each field that is wrong, and each one that is unknown", () => {
    expect(told({ name: "", maxScans: 0, colour: "red", size: 7 })).toEqual([
      "name must not be empty",
      "maxScans must be at least 1",
      "colour is not a known field",
      "size is not a known field",
    ]);
  });

  it.each([[[]], ["text"], [7], [null], [undefined]])("a body, sent as %j", (body) => {
    expect(told(body)).toEqual(["body must be a JSON object"]);
  });

  it.each([
    ["2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"],
    ["2030-01-01T00:00:00Z", "2029-12-31T23:59:59.999Z"],
    ["2030-01-01T00:00:00Z", "2030-01-01T05:00:00+06:00"],
  ])("a window from %s to %s", (startsAt, expiresAt) => {
    expect(told({ startsAt, expiresAt })).toEqual(["expiresAt must be after startsAt"]);
  });
});

describe("a field is taken", () => {
  it.each<[string, unknown, unknown?]>([
    ["name", "x"],
    ["name", "x".repeat(200)],
    ["name", "~\u00a0\u2027\u202f 🎈"],
    ["name", " \u3000Cafe\u0301\u200b ", "Café"],
    ["name", "e\u0301".repeat(200), "é".repeat(200)],
    ["name", "ᾂ".normalize("NFD").repeat(200), "ᾂ".repeat(200)],
    ["tags", [" e\u0301 "], ["é"]],
    ["name", null],
    ["tags", []],
    ["tags", [...tags(19), "x".repeat(50)]],
    ["startsAt", "2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z"],
    ["startsAt", "2030-01-31T12:00:00+05:30", "2030-01-31T06:30:00.000Z"],
    ["startsAt", null],
    ["expiresAt", "9999-12-31T23:59:59.999Z"],
    ["expiresAt", null],
    ["maxScans", 1],
    ["maxScans", 2_147_483_647],
    ["maxScans", null],
    ["targetUrl", "https://example.com/"],
    ["fallbackUrl", "http://example.com/a?b#c"],
    ["fallbackUrl", null],
  ])("%s, sent as %j", (field, value, shown = value) => {
    expect(validate(schema, { [field]: value }, "body")).toEqual({ [field]: shown });
  });

  it.each([
    [{}],
    [{ startsAt: "2030-01-01T00:00:00.000Z" }],
    [{ expiresAt: "2030-01-01T00:00:00.000Z" }],
    [{ startsAt: null, expiresAt: "2030-01-01T00:00:00.000Z" }],
    [{ startsAt: "2030-01-01T00:00:00.000Z", expiresAt: null }],
    [{ startsAt: "2030-01-01T00:00:00.000Z", expiresAt: "2030-01-01T00:00:00.001Z" }],
  ])("with a window of %j", (window) => {
    expect(validate(schema, window, "body")).toEqual(window);
  });

  it("as the API's description says of it", () => {
    const described = z.toJSONSchema(z.object({ target: patchFields(BASE).targetUrl })).properties?.target;
    expect(described).toMatchObject({
      type: "string",
      maxLength: 2_048,
      description: expect.stringContaining("without credentials"),
      pattern: expect.stringMatching(/^\^\[Hh\]/),
    });
  });
});

describe("a code as its tenant sees it", () => {
  const stored = {
    ...PLAIN_CODE,
    name: "Menu",
    tags: ["a"],
    updatedAt: "2030-01-02T00:00:00.000Z",
  };

  it("is what is stored of it, with the URL that is printed and its scans", () => {
    const code = { ...stored, tags: [...stored.tags] };
    expect(presentCode(code, 7, BASE, 0)).toEqual({
      ...stored,
      scanUrl: `${BASE}/scan/qr_1`,
      state: "open",
      scans: 7,
    });
  });

  it.each([
    [BASE, `${BASE}/scan/qr_1`],
    [`${BASE}/`, `${BASE}/scan/qr_1`],
    [`${BASE}/v1/`, `${BASE}/v1/scan/qr_1`],
    ["https://münchen.example/qr/", "https://xn--mnchen-3ya.example/qr/scan/qr_1"],
    ["HTTPS://QR.Example.com:443/Menü", "https://qr.example.com/Men%C3%BC/scan/qr_1"],
    ["http://localhost:3002", "http://localhost:3002/scan/qr_1"],
    ["http://[::1]:3002/", "http://[::1]:3002/scan/qr_1"],
  ])("is printed below %s", (base, url) => {
    expect(scanUrl(printedBaseUrl(base), { qrId: "qr_1", alphanumeric: false })).toBe(url);
  });
});
