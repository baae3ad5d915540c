import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../bin/openapi/document.ts";

interface Schema extends Record<string, unknown> {
  type?: string | string[];
}

interface Operation {
  operationId: string;
  tags: string[];
  parameters: { name: string; description?: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
  responses: Record<string, { headers: Record<string, unknown> }>;
}

const description = openApiDocument() as {
  servers: unknown[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const operations = Object.values(description.paths).flatMap((item) => Object.values(item));
const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema({ ...description, $id: "openapi" });
const accepts = (name: string, value: unknown) => ajv.validate(`openapi#/components/schemas/${name}`, value);

/** Every schema of the description, and whatever else is an object in it. */
function* objects(value: unknown): Generator<Schema> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Schema;
  for (const member of Object.values(value)) yield* objects(member);
}

describe("a generator of clients finds", () => {
  it("no pattern beside a date, and no default of null", () => {
    const odd = [...objects(description)].filter(
      ({ format, pattern, ...schema }) =>
        (pattern !== undefined && String(format).startsWith("date")) || schema.default === null,
    );
    expect(odd).toEqual([]);
  });

  it("null as one of two types, and never as an alternative", () => {
    expect([...objects(description)].filter(({ type }) => type === "null")).toEqual([]);
    expect(description.components.schemas.QrCode).toMatchObject({
      properties: { expiresAt: { type: ["string", "null"], format: "date-time" } },
    });
  });

  it("integers with bounds in queries", () => {
    const bounds = operations
      .flatMap(({ parameters }) => parameters)
      .filter(({ name }) => ["limit", "size", "margin", "days"].includes(name))
      .map(({ name, schema }) => `${name}: ${schema.type} ${schema.minimum}–${schema.maximum}`);
    expect([...new Set(bounds)].sort()).toEqual([
      "days: integer 1–365",
      "limit: integer 1–100",
      "limit: integer 1–10000",
      "margin: integer 0–16",
      "size: integer 64–2048",
    ]);
  });

  it("a name for every object of a request or a reply of JSON", () => {
    const inline = operations.flatMap(({ operationId, requestBody }) =>
      Object.entries(requestBody?.content ?? {})
        .filter(([type, { schema }]) => type.endsWith("json") && !schema.$ref)
        .map(() => operationId),
    );
    expect(inline).toEqual([]);
    expect(Object.keys(description.components.schemas)).toEqual(
      expect.arrayContaining(["QrCode", "QrCodeInput", "QrCodePatch", "QrCodePage", "ScanStats", "Problem"]),
    );
  });

  it("a description of every parameter, a known tag on every operation, and servers", () => {
    const silent = operations.flatMap(({ operationId, parameters }) =>
      parameters.filter((parameter) => !parameter.description).map(({ name }) => `${operationId} ${name}`),
    );
    expect(silent).toEqual([]);
    const tags = description.tags.map(({ name }) => name);
    for (const operation of operations) expect(tags).toEqual(expect.arrayContaining(operation.tags));
    expect(description.servers).not.toEqual([]);
  });

  it("the headers of replies", () => {
    const { paths } = description;
    const names = (path: string, method: string, status: number) =>
      Object.keys(paths[path]?.[method]?.responses[status]?.headers ?? {});
    expect(names("/generate", "post", 201)).toEqual([
      "X-Request-Id",
      "Location",
      "ETag",
      "Idempotent-Replayed",
    ]);
    expect(names("/qr", "get", 200)).toContain("Link");
    expect(names("/qr", "get", 401)).toContain("WWW-Authenticate");
    expect(names("/qr", "get", 503)).toContain("Retry-After");
    expect(names("/scan/{qrId}", "get", 302)).toContain("Location");
    expect(names("/openapi.json", "get", 200)).toContain("ETag");
  });
});

describe("what the service refuses, the schema refuses", () => {
  const targetUrl = "https://example.com/";

  it.each<[string, unknown]>([
    ["an empty target", { targetUrl: "" }],
    ["another scheme", { targetUrl: "ftp://example.com/" }],
    ["a blank in a target", { targetUrl: "https://example.com/a b" }],
    ["repeated tags", { targetUrl, tags: ["a", "a"] }],
    ["a control character in a name", { targetUrl, name: "a\u0007b" }],
    ["a turned direction in a tag", { targetUrl, tags: ["a\u202eb"] }],
    ["an empty name", { targetUrl, name: "" }],
    ["an unknown field", { targetUrl, colour: "red" }],
  ])("%s", (_what, value) => expect(accepts("QrCodeInput", value)).toBe(false));

  it("a patch that changes nothing", () => expect(accepts("QrCodePatch", {})).toBe(false));

  it.each<[string, unknown]>([
    [
      "a name with spaces around it and joined emoji",
      { targetUrl, name: " Caf\u00e9 \u{1f469}\u200d\u{1f373} " },
    ],
    ["a scheme in capitals", { targetUrl: "HTTPS://example.com/" }],
    ["null for each option", { targetUrl, name: null, expiresAt: null, maxScans: null, qrId: null }],
  ])("but not %s", (_what, value) => expect(accepts("QrCodeInput", value)).toBe(true));

  it("and every example is one that it takes", () => {
    const examples = operations.flatMap(({ requestBody }) =>
      Object.values(requestBody?.content ?? {})
        .filter(({ schema }) => schema.$ref)
        .map(({ schema, example }) => [schema.$ref, example]),
    );
    expect(examples.length).toBeGreaterThan(1);
    for (const [reference, example] of examples)
      expect(ajv.validate(`openapi${reference}`, example)).toBe(true);
  });
});
