import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_TOKENS } from "../../bin/invoke/sample-tokens.ts";
import { type ChangedProject, type ChangedService, changedProject } from "../support/changed-project.ts";
import { differences } from "../support/files-to-touch.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const LINE = `  { name: "title", methods: ["GET"], path: "/qr/{qrId}/title", scope: "qr:read", uses: tenantData, timeoutS: 10, summary: "Read a code's name" },`;

const ENDPOINT = `import { readCode } from "../../data/read-code.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import type { Services } from "../runtime/services.ts";

export function createHandler(services: Services): HttpHandler {
  return tenantEndpoint("title", services, async ({ tenantId, event }) => {
    const { code } = await readCode(services, tenantId, qrIdOf(event));
    return json(200, { title: code.name });
  });
}
`;

const OPERATION = `import * as z from "zod";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "\`200 {title}\`",
  replies: { 200: jsonReply("the code's name", z.strictObject({ title: z.string().nullable() })) },
  problems: [400, 404],
};
`;

const INDEX = `import { lambdaHandler } from "../http/lambda.ts";
import { createHandler } from "./endpoint.ts";

export const handler = await lambdaHandler("title", createHandler);
`;

const GET_EVENT = readFileSync(join(import.meta.dirname, "../../functions/get/event.json"), "utf8");
const EVENT = GET_EVENT.replaceAll("/qr/{qrId}", "/qr/{qrId}/title").replaceAll(
  'summer-menu"',
  'summer-menu/title"',
);

/** Runs the bundle as Lambda loads it, with its sample event, once `npm run synth` would have made it. */
const RUN_BUNDLE = `
import { readFileSync } from "node:fs";
const { bundle } = await import("./lib/compute/bundle.ts");
const { readConfig } = await import("./lib/config.ts");
const { routes } = await import("./functions/manifest.ts");
const context = { stage: "dev", redis: "valkey" };
bundle(routes.find(({ name }) => name === "title"), "bundle", readConfig((name) => context[name], { region: "eu-west-1" }));
const { handler } = await import("./bundle/index.mjs");
const event = JSON.parse(readFileSync("functions/title/event.json", "utf8"));
event.pathParameters = { qrId: "summer-menu" };
console.log(JSON.stringify(await handler(event, { getRemainingTimeInMillis: () => 1_000 })));
process.exit();
`;

const ROUTE_KEYS = `
import { resourcesOf, synthesize } from "./test/cdk/synthesized.ts";
const routes = resourcesOf(synthesize({ stage: "dev" }), "AWS::ApiGatewayV2::Route");
console.log(JSON.stringify(routes.map(([, { Properties }]) => Properties.RouteKey)));
`;

describe.skipIf(await lacks("redis-server"))(
  "an endpoint that is added by its folder and its line",
  {
    timeout: 180_000,
  },
  () => {
    let project: ChangedProject;
    let stack: TestStack;
    let service: ChangedService;

    beforeAll(async () => {
      stack = await startTestStack();
      project = changedProject();
      project.insert("functions/manifest.ts", /^\] as const satisfies readonly /, LINE);
      project.insert(
        "test/support/failure-matrix.ts",
        /^\} as const satisfies Record<string, Endpoint>;/,
        `  title: { route: "title", status: 200, ask: ask("/qr/{tenant}-read/title") },`,
      );
      const folder = {
        "endpoint.ts": ENDPOINT,
        "operation.ts": OPERATION,
        "index.ts": INDEX,
        "event.json": EVENT,
      };
      for (const [file, text] of Object.entries(folder)) project.create(`functions/title/${file}`, text);
      project.create("test/contract/title.test.ts", "");
      await project.run("bin/openapi/write.ts");
      service = await project.start({
        databaseUrl: stack.database.url,
        redisUrl: stack.redisServer?.url ?? "",
      });
      const json = { targetUrl: "https://example.com/menu", qrId: "summer-menu", name: "Menu" };
      expect((await service.call("/generate", { method: "POST", json })).status).toBe(201);
    }, 180_000);
    afterAll(async () => {
      await service?.stop();
      project?.remove();
      await stack?.close();
    });

    it("compiles, and imports in the right direction", async () => {
      expect(await project.run("node_modules/typescript/bin/tsc")).toBe("");
      const cruise = "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs";
      expect(
        await project.run(cruise, "--output-type", "err", "bin", "core", "data", "functions", "lib"),
      ).toContain("no dependency violations");
    });

    it("touches the files that the page names, and no other", async () => {
      expect(differences("An endpoint", project.touched())).toEqual({ unnamed: [], untouched: [] });
    });

    it("answers through the local gateway, to its tenant alone", async () => {
      const reply = await service.call("/qr/summer-menu/title");
      expect([reply.status, await reply.json()]).toEqual([200, { title: "Menu" }]);
      expect((await service.call("/qr/another-menu/title")).status).toBe(404);
      expect((await service.call("/qr/summer-menu/title", { token: null })).status).toBe(401);
    });

    it("is described", async () => {
      const { paths } = (await (await service.call("/openapi.json")).json()) as { paths: object };
      expect(paths).toHaveProperty(["/qr/{qrId}/title", "get"], {
        ...{
          operationId: "title",
          summary: "Read a code's name",
          tags: ["codes"],
          security: [{ jwt: ["qr:read"] }, { apiKey: ["qr:read"] }],
        },
        parameters: expect.arrayContaining([expect.objectContaining({ name: "qrId", in: "path" })]),
        responses: expect.objectContaining({ 200: expect.anything(), 404: expect.anything() }),
      });
    });

    it("runs from its bundle with its sample event", async () => {
      const env = {
        DATABASE_URL: stack.database.url,
        REDIS_URL: stack.redisServer?.url ?? "",
        PUBLIC_BASE_URL: "https://qr.example.com",
        ...SAMPLE_TOKENS,
      };
      const reply = JSON.parse((await project.evaluate(RUN_BUNDLE, env)).trim().split("\n").at(-1) ?? "");
      expect(reply).toMatchObject({ statusCode: 200, body: JSON.stringify({ title: "Menu" }) });
    });

    it("has its route in API Gateway", async () => {
      expect(JSON.parse(await project.evaluate(ROUTE_KEYS))).toContain("GET /qr/{qrId}/title");
    });

    it("does not start without what the manifest's line promises, and says what is missing", async () => {
      project.create("functions/title/operation.ts", "export const other = 0;\n");
      await expect(project.run("bin/openapi/write.ts")).rejects.toThrow(
        "functions/title/operation.ts exports no operation",
      );
    });
  },
);
