import { describe, expect, it } from "vitest";
import { ServiceError } from "../../core/errors.ts";
import { bodyText } from "../../functions/http/body-text.ts";

const MAX_BYTES = 100;
const JSON_TYPE = { "content-type": "application/json" };

/** As API Gateway hands on what it takes for text. */
const text = (body: string, headers: Record<string, string> = JSON_TYPE) =>
  bodyText({ headers, body, isBase64Encoded: false }, MAX_BYTES);

/** As it hands on any other bytes. */
const bytes = (body: Uint8Array, headers: Record<string, string> = JSON_TYPE) =>
  bodyText({ headers, body: Buffer.from(body).toString("base64"), isBase64Encoded: true }, MAX_BYTES);

function refusal(read: () => unknown): [string, string | undefined] {
  try {
    read();
  } catch (error) {
    if (error instanceof ServiceError) return [error.kind, error.errors?.[0]?.path];
    throw error;
  }
  return expect.unreachable("it was taken");
}

describe("a body", () => {
  it.each(["{}", '{"name":"Größe ☀️"}', ""])("is read as text, however it is handed on: %s", (body) => {
    expect(text(body)).toBe(body);
    expect(bytes(Buffer.from(body))).toBe(body);
    expect(text(`\ufeff${body}`)).toBe(body);
    expect(bytes(Buffer.from(`\ufeff${body}`))).toBe(body);
  });

  it("may be absent", () => {
    expect(bodyText({ headers: JSON_TYPE, isBase64Encoded: false }, MAX_BYTES)).toBeUndefined();
  });

  it.each([
    ["Latin-1", Buffer.from("caf\u00e9", "latin1")],
    ["UTF-16", Buffer.from("\ufeff{}", "utf16le")],
    ["a surrogate in UTF-8", Buffer.from([0xed, 0xa0, 0x80])],
    ["an overlong form", Buffer.from([0xc0, 0xaf])],
    ["a character that is cut short", Buffer.from("é").subarray(0, 1)],
    ["compressed bytes", Buffer.from([0x1f, 0x8b, 0x08])],
  ])("is refused if it is %s", (_what, body) => {
    expect(refusal(() => bytes(body))).toEqual(["invalid", "body"]);
  });

  it("is counted in bytes of what was sent", () => {
    expect(bytes(Buffer.alloc(MAX_BYTES, "x"))).toHaveLength(MAX_BYTES);
    expect(refusal(() => bytes(Buffer.alloc(MAX_BYTES + 1, "x")))).toEqual(["too-large", "body"]);
    expect(refusal(() => text("ü".repeat(MAX_BYTES / 2 + 1)))).toEqual(["too-large", "body"]);
  });

  it.each([
    "application/json",
    "application/json;charset=utf-8",
    "application/json ; charset=utf-8",
    "application/json;charset=utf8",
    'Application/JSON; Charset="UTF-8"',
    "application/merge-patch+json; x=1; charset = utf-8 ",
    "application/json;",
  ])("is taken as %s", (type) => {
    expect(text("{}", { "content-type": type })).toBe("{}");
  });

  it.each([
    "",
    "text/json",
    "application/jsonp",
    "application/json, text/plain",
    "application/json;charset=iso-8859-1",
    'application/json; charset="windows-1252"',
    "application/json; charset=utf-16",
    "application/json; charset=",
    "application/json; charset=utf-8; charset=latin1",
    "application/json; charset=utf-8, application/json",
  ])("is refused as %s, before it is looked at", (type) => {
    const headers = { "content-type": type };
    expect(refusal(() => text("{}", headers))).toEqual(["unsupported-media-type", "content-type"]);
    expect(refusal(() => bytes(Buffer.from([0xff]), headers))).toEqual([
      "unsupported-media-type",
      "content-type",
    ]);
  });

  it.each(["gzip", "deflate", "br", "zstd", "GZIP", "identity, gzip", "x-unknown"])(
    "is refused as %s",
    (coding) => {
      const headers = { ...JSON_TYPE, "content-encoding": coding };
      expect(refusal(() => text("{}", headers))).toEqual(["unsupported-media-type", "content-encoding"]);
    },
  );

  it("may say that it is not compressed", () => {
    expect(text("{}", { ...JSON_TYPE, "content-encoding": "identity" })).toBe("{}");
  });
});
