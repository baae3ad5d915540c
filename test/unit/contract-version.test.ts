import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../bin/openapi/document.ts";
import { breakingChanges } from "../support/breaking-changes.ts";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const released = JSON.parse(read("docs/openapi-released.json"));

/** What the changelog says of the next version. */
const [, unreleased = ""] = /## \[Unreleased\]\n(.*?)(?=\n## \[)/s.exec(read("CHANGELOG.md")) ?? [];

describe("the contract, compared with the one released last,", () => {
  it("breaks nothing that the changelog does not name under its next version", () => {
    const changes = breakingChanges(released, openApiDocument());
    // To name one, the line stands in backticks under "### Breaking".
    const [, breaking = ""] = /### Breaking\n(.*?)(?=\n### |$)/s.exec(unreleased) ?? [];
    expect(changes.filter((change) => !breaking.includes(`\`${change}\``))).toEqual([]);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a document is taken apart in whatever way a change would.
type Document = any;

describe("a breaking change is found:", () => {
  it.each<[string, (api: Document) => void]>([
    ["DELETE /qr/{qrId} is gone", ({ paths }) => delete paths["/qr/{qrId}"].delete],
    ["GET /qr query limit is gone", ({ paths }) => without(paths["/qr"].get.parameters, "limit")],
    [
      "GET /qr query limit has a lower maximum",
      ({ paths }) => Object.assign(find(paths["/qr"].get.parameters, "limit").schema, { maximum: 50 }),
    ],
    [
      "GET /qr query tag is required",
      ({ paths }) => Object.assign(find(paths["/qr"].get.parameters, "tag"), { required: true }),
    ],
    ["GET /qr 200 has no header Link", ({ paths }) => delete paths["/qr"].get.responses[200].headers.Link],
    ["POST /generate 201 is gone", ({ paths }) => delete paths["/generate"].post.responses[201]],
    [
      "PATCH /qr/{qrId} body application/json is gone",
      ({ paths }) => delete paths["/qr/{qrId}"].patch.requestBody.content["application/json"],
    ],
    [
      "GET /qr 200 application/json.qrCodes[].state is gone",
      ({ components }) => delete components.schemas.QrCode.properties.state,
    ],
    [
      "GET /qr/{qrId} 200 application/json may lack scans",
      ({ components }) => components.schemas.QrCode.required.splice(-1),
    ],
    [
      "GET /qr/{qrId} 200 application/json.createdAt may be null",
      ({ components }) =>
        Object.assign(components.schemas.QrCode.properties.createdAt, { type: ["string", "null"] }),
    ],
    [
      "POST /generate body application/json requires name",
      ({ components }) => components.schemas.QrCodeInput.required.push("name"),
    ],
    [
      "POST /generate body application/json.name takes no null",
      ({ components }) => Object.assign(components.schemas.QrCodeInput.properties.name, { type: "string" }),
    ],
    [
      "GET /qr 200 application/json is closed",
      ({ components }) => Object.assign(components.schemas.QrCodePage, { additionalProperties: false }),
    ],
  ])("%s", (line, change) => {
    const changed = structuredClone(released);
    change(changed);
    expect(breakingChanges(released, changed)).toContain(line);
  });

  it.each<[string, (api: Document) => void]>([
    ["an operation", ({ paths }) => Object.assign(paths, { "/new": paths["/qr"] })],
    [
      "a field of a reply",
      ({ components }) => Object.assign(components.schemas.QrCode.properties, { added: { type: "string" } }),
    ],
    [
      "an optional field of a request",
      ({ components }) =>
        Object.assign(components.schemas.QrCodeInput.properties, { added: { type: "string" } }),
    ],
    ["a word in a reply", ({ components }) => components.schemas.QrCode.properties.state.enum.push("added")],
    [
      "a wider bound",
      ({ paths }) => Object.assign(find(paths["/qr"].get.parameters, "limit").schema, { maximum: 500 }),
    ],
    ["a problem", ({ paths }) => Object.assign(paths["/qr"].get.responses, { 409: {} })],
    [
      "another name of a schema",
      ({ components, paths }) => {
        components.schemas.Renamed = components.schemas.ScanStats;
        paths["/qr/{qrId}/stats"].get.responses[200].content["application/json"].schema.$ref =
          "#/components/schemas/Renamed";
      },
    ],
  ])("and none where there is %s more", (_what, change) => {
    const changed = structuredClone(released);
    change(changed);
    expect(breakingChanges(released, changed)).toEqual([]);
  });
});

function find(parameters: { name: string; schema: object }[], name: string) {
  return (
    parameters.find((parameter) => parameter.name === name) ?? expect.unreachable(`no parameter ${name}`)
  );
}

function without(parameters: { name: string }[], name: string): void {
  parameters.splice(
    parameters.findIndex((parameter) => parameter.name === name),
    1,
  );
}
