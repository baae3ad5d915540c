import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../bin/openapi/document.ts";
import { routes } from "../../functions/manifest.ts";
import { checkReply } from "../support/openapi-check.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const CREATE = { method: "POST", json: { targetUrl: "https://example.com/" } };

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

describe("the API's description", () => {
  it("is committed as the code generates it (`npm run openapi` writes it)", () => {
    const committed = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf8"));
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it("is served by the local gateway, to anyone", async () => {
    const reply = await stack.call("/openapi.json", { tenant: null });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ openapi: "3.1.0" });
  });

  it.each(routes.map((route) => [route.path, route.methods, route]))(
    "describes %s %j",
    (path, methods, route) => {
      const { paths } = openApiDocument() as {
        paths: Record<string, Record<string, { security?: unknown }>>;
      };
      for (const method of methods) {
        const operation = paths[path]?.[method.toLowerCase()];
        const either = "scope" in route ? [{ jwt: [route.scope] }, { apiKey: [route.scope] }] : undefined;
        expect(operation?.security).toEqual(either);
      }
    },
  );

  it("says of every route how a limit is told", () => {
    const { paths } = openApiDocument() as {
      paths: Record<string, Record<string, { responses: Record<number, { headers?: object }> }>>;
    };
    for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
      const names = Object.keys(operation.responses[429]?.headers ?? {});
      expect(names).toEqual(["X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"]);
    }
  });

  it("names the merge patch's own type beside JSON", () => {
    const { paths } = openApiDocument() as {
      paths: Record<string, Record<string, { requestBody: { content: object } }>>;
    };
    const types = Object.keys(paths["/qr/{qrId}"]?.patch?.requestBody.content ?? {});
    expect(types).toEqual(["application/merge-patch+json", "application/json"]);
  });

  it("has no field in a reply that it does not name, though clients must expect one", async () => {
    const { schemas } = openApiDocument().components as {
      schemas: Record<string, { additionalProperties?: boolean }>;
    };
    expect(schemas.QrCode?.additionalProperties).toBe(true);
    expect(schemas.QrCodeInput?.additionalProperties).toBe(false);
    const { qrId } = (await (await stack.call("/generate", CREATE)).json()) as { qrId: string };
    const page = (await (await stack.call("/qr")).json()) as { qrCodes: object[] };
    const code = (await (await stack.call(`/qr/${qrId}`)).json()) as object;
    const unnamed: [string, object][] = [
      ["/qr", { ...page, unnamed: 1 }],
      ["/qr", { ...page, qrCodes: [{ ...page.qrCodes[0], unnamed: 1 }] }],
      [`/qr/${qrId}`, { ...code, unnamed: 1 }],
    ];
    for (const [path, reply] of unnamed)
      await expect(checkReply("GET", path, Response.json(reply))).rejects.toThrow("unevaluated");
  });

  it("is what the contract tests hold every reply against", async () => {
    const reply = await stack.call("/qr");
    await expect(checkReply("GET", "/qr", reply)).resolves.toBeUndefined();
    const wrong = Response.json({ qrCodes: [], count: "none", cached: false });
    await expect(checkReply("GET", "/qr", wrong)).rejects.toThrow("count");
    await expect(checkReply("GET", "/qr", new Response("", { status: 418 }))).rejects.toThrow(
      "not described",
    );
  });
});
