import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { asyncApiDocument, eventVersions } from "../../bin/events/document.ts";
import { eventExamples } from "../../bin/events/examples.ts";
import { EVENT_SCHEMAS, parseEvent } from "../../core/events/schema.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));
const written = (json: unknown) => JSON.parse(JSON.stringify(json));
const versions = eventVersions();

/** As a consumer would who knows nothing but the files. */
const validators = () => {
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false });
  formats.default(ajv);
  return ajv;
};

describe("the description of the events", () => {
  it("is committed as the code generates it (`npm run events` writes it)", () => {
    expect(read("asyncapi.json")).toEqual(written(asyncApiDocument()));
    expect(globSync("schemas/*", { cwd: ROOT }).sort()).toEqual(
      versions.map(({ name }) => join("schemas", `${name}.json`)).sort(),
    );
    for (const { name, schema } of versions) expect(read(`schemas/${name}.json`)).toEqual(written(schema));
  });

  it("keeps to AsyncAPI's own schema", () => {
    const spec = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0.json");
    // It holds the meta-schema of its own dialect.
    const ajv = new Ajv({ strict: false, meta: false, validateSchema: false });
    formats.default(ajv);
    const validate = ajv.compile(spec);
    const document = written(asyncApiDocument());
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...document, channels: { events: { address: 1 } } })).toBe(false);
  });

  it("has each version of each type once", () => {
    expect(versions.length).toBe(EVENT_SCHEMAS.length);
    expect(new Set(versions.map(({ name }) => name)).size).toBe(versions.length);
    expect(versions.map(({ type, version }) => `${type} ${version}`)).toContain("qr.scanned 1");
  });

  it("says what a consumer has to know", () => {
    const { channels } = asyncApiDocument() as {
      channels: { events: { address: string; description: string } };
    };
    expect(channels.events.address).toBe("qr.events");
    for (const word of ["key", "gzip", "Order", "at least once", "`eventId`", "unknown", "ignore"]) {
      expect(channels.events.description).toContain(word);
    }
  });
});

describe.each(versions.map((version) => [version.name, version] as const))("%s", (name, { schema }) => {
  const validate = validators().compile(read(`schemas/${name}.json`));
  const example = eventExamples[name] as unknown as Record<string, unknown>;

  it("has an example that is an event, and keeps to the schema", () => {
    expect(parseEvent(JSON.stringify(example))).toEqual(example);
    expect(validate(example) ? [] : validate.errors).toEqual([]);
  });

  it("is open: a field that is added later breaks no consumer", () => {
    expect(validate({ ...example, addedLater: { anything: true } })).toBe(true);
    expect(JSON.stringify(schema)).not.toContain("additionalProperties");
  });

  it.each(Object.keys(example))("needs %s, and not as an object", (field) => {
    const { [field]: _value, ...without } = example;
    expect(validate(without)).toBe(false);
    expect(validate({ ...example, [field]: {} })).toBe(false);
  });

  it("takes no other version and type for its own", () => {
    expect(validate({ ...example, version: Number(example.version) + 1 })).toBe(false);
    expect(validate({ ...example, type: "qr.printed" })).toBe(false);
  });
});
