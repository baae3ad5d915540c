import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { clientTypes } from "../../bin/openapi/client-types.ts";
import { openApiDocument } from "../../bin/openapi/document.ts";
import { QrClient, QrServiceError } from "../../clients/typescript/src/index.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const TYPES = new URL("../../clients/typescript/src/schema.ts", import.meta.url);
const TARGET = "https://example.com/menu";

it("the types of the TypeScript client are current (`npm run openapi` writes them)", () => {
  expect(readFileSync(TYPES, "utf8")).toBe(clientTypes(openApiDocument()));
});

describe("the TypeScript client and the running service", () => {
  let stack: TestStack;
  let client: QrClient;
  beforeAll(async () => {
    stack = await startTestStack();
    const token = () => stack.issuer.issue(["tenant_a"], ["qr:read", "qr:write"]);
    client = new QrClient({ baseUrl: stack.baseUrl, token });
  });
  afterAll(() => stack.close());

  it("create, list, read, draw, change, measure and delete a code", async () => {
    const created = await client.create({ targetUrl: TARGET, name: "Menu", tags: ["shop"] });
    expect(created).toMatchObject({ targetUrl: TARGET, state: "open", svg: expect.stringMatching(/^<svg/) });
    const { qrId } = created;
    expect((await client.list({ tag: "shop", limit: 1 })).qrCodes).toMatchObject([{ qrId }]);
    expect(await client.get(qrId)).toMatchObject({ name: "Menu", expiresAt: null });
    const png = await client.picture(qrId, { format: "png", size: 128 });
    expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
    expect(await client.patch(qrId, { name: null, maxScans: 5 })).toMatchObject({ name: null, maxScans: 5 });
    await stack.call(`/scan/${qrId}`, { tenant: null });
    expect(await client.stats(qrId, { days: 7 })).toMatchObject({ qrId, daily: expect.any(Array) });
    expect(await client.tenantStats({ tag: "shop" })).toMatchObject({ unscannedCodes: [{ qrId }] });
    await client.delete(qrId);
    const refusal = await client.get(qrId).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(QrServiceError);
    expect(refusal).toMatchObject({ status: 404, problem: { title: "Not found" } });
  });

  it("restore a code, and tell who changed it and all others", async () => {
    const { qrId } = await client.create({ targetUrl: TARGET });
    await client.delete(qrId);
    expect((await client.list({ deleted: "true" })).qrCodes).toContainEqual(
      expect.objectContaining({ qrId, deletedAt: expect.any(String) }),
    );
    expect(await client.restore(qrId)).toMatchObject({ qrId, version: 3 });
    const { history } = await client.history(qrId);
    expect(history.map(({ change }) => change)).toEqual(["restored", "deleted", "created"]);
    expect((await client.history(undefined, { limit: 1 })).history).toEqual(history.slice(0, 1));
  });

  it("change, delete and restore a code unless somebody was faster", async () => {
    const read = await client.create({ targetUrl: TARGET, name: "Menu" });
    const { qrId } = read;
    const changed = await client.patch(qrId, { name: "Autumn" }, { ifUnchanged: read });
    expect(changed).toMatchObject({ name: "Autumn", version: 2 });
    const late = { status: 412, problem: { current: { qrId, name: "Autumn", version: 2 } } };
    await expect(client.patch(qrId, { name: "Winter" }, { ifUnchanged: read })).rejects.toMatchObject(late);
    await expect(client.delete(qrId, { ifUnchanged: read })).rejects.toMatchObject(late);
    await stack.call(`/scan/${qrId}`, { tenant: null });
    await client.delete(qrId, { ifUnchanged: changed });
    await expect(client.restore(qrId, { ifUnchanged: changed })).rejects.toMatchObject({
      status: 412,
      problem: { current: { version: 3, deletedAt: expect.any(String) } },
    });
    expect(await client.restore(qrId, { ifUnchanged: { version: 3 } })).toMatchObject({ version: 4 });
  });

  it("change many codes at once, or none, and tell what became of each", async () => {
    const [one, two] = [
      await client.create({ targetUrl: TARGET }),
      await client.create({ targetUrl: TARGET }),
    ];
    const ids = [one.qrId, two.qrId, "absent-code"];
    const expected = { selected: 3, changed: [one.qrId, two.qrId], unchanged: [], notFound: ["absent-code"] };
    const set = { startsAt: "2030-01-01T00:00:00Z" };
    expect(await client.bulk({ select: { ids }, set }, { dryRun: "true" })).toEqual({
      ...expected,
      dryRun: true,
    });
    const key = crypto.randomUUID();
    for (let times = 0; times < 2; times += 1)
      expect(await client.bulk({ select: { ids }, set }, {}, key)).toEqual({ ...expected, dryRun: false });
    expect(await client.get(one.qrId)).toMatchObject({ startsAt: "2030-01-01T00:00:00.000Z", version: 2 });
    const early = { select: { ids: [one.qrId] }, set: { expiresAt: "2029-01-01T00:00:00Z" } };
    await expect(client.bulk(early)).rejects.toMatchObject({
      status: 400,
      problem: { failed: 1, failures: [{ qrId: one.qrId, path: "expiresAt" }] },
    });
    expect((await client.bulk({ select: { ids }, delete: true })).changed).toEqual([one.qrId, two.qrId]);
    expect((await client.bulk({ select: { ids }, restore: true })).changed).toEqual([one.qrId, two.qrId]);
  });

  it("export all codes, however many pages they take", async () => {
    const tag = "exported";
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1)
      ids.unshift((await client.create({ targetUrl: TARGET, tags: [tag] })).qrId);
    const pages: string[] = [];
    for await (const page of client.export({ format: "ndjson", tag, limit: 2 }))
      pages.push(Buffer.from(page).toString());
    expect(pages).toHaveLength(3);
    const rows = pages.join("").split("\n").filter(Boolean);
    expect(rows.map((row) => JSON.parse(row).qrId)).toEqual(ids);
  });

  it("create one code for one idempotency key", async () => {
    const [first, second] = [
      await client.create({ targetUrl: TARGET }, "once"),
      await client.create({ targetUrl: TARGET }, "once"),
    ];
    expect(second.qrId).toBe(first.qrId);
  });

  it("walk through the pages of a list", async () => {
    for (const name of ["a", "b", "c"]) await client.create({ targetUrl: TARGET, name, tags: ["paged"] });
    const names = [];
    for await (const code of client.listAll({ tag: "paged", limit: 1 })) names.push(code.name);
    expect(names).toEqual(["c", "b", "a"]);
  });
});

describe("the TypeScript client, where the service does not answer at once,", () => {
  interface Answer {
    status: number;
    headers?: Record<string, string>;
    body?: unknown;
  }
  let server: Server;
  let answers: Answer[] = [];
  let seen: { method: string | undefined; key: unknown }[] = [];
  let waits: number[] = [];
  let client: QrClient;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      seen.push({ method: request.method, key: request.headers["idempotency-key"] });
      const { status, headers = {}, body = {} } = answers.shift() ?? { status: 500 };
      request.resume();
      if (status === 0) {
        request.socket.destroy();
        return;
      }
      reply.writeHead(status, { "content-type": "application/json", ...headers });
      reply.end(status === 204 ? undefined : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const sleep = async (ms: number) => void waits.push(ms);
    client = new QrClient({ baseUrl, token: "t", sleep });
  });
  afterEach(() => {
    [answers, seen, waits] = [[], [], []];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it("waits as long as Retry-After says", async () => {
    answers = [
      { status: 429, headers: { "retry-after": "2" } },
      { status: 200, body: { qrCodes: [] } },
    ];
    await expect(client.list()).resolves.toEqual({ qrCodes: [] });
    expect(waits).toEqual([2_000]);
  });

  it("gives the reply back where Retry-After asks for too long", async () => {
    answers = [{ status: 503, headers: { "retry-after": "3600" } }];
    await expect(client.list()).rejects.toMatchObject({ status: 503 });
    expect(waits).toEqual([]);
  });

  it("waits ever longer without one, also where the connection breaks, and then gives up", async () => {
    answers = [{ status: 429 }, { status: 0 }, { status: 502 }, { status: 503 }];
    await expect(client.list()).rejects.toMatchObject({ status: 503 });
    expect(waits).toHaveLength(3);
    for (const [attempt, wait] of waits.entries()) expect(wait).toBeLessThanOrEqual(250 * 2 ** attempt);
  });

  it("creates with the same key on each attempt, and with another one the next time", async () => {
    answers = [{ status: 0 }, { status: 201 }, { status: 201 }];
    await client.create({ targetUrl: TARGET });
    await client.create({ targetUrl: TARGET });
    const keys = seen.map(({ key }) => key);
    expect(keys[0]).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("takes a code as deleted that is gone on the second attempt, and only then", async () => {
    answers = [{ status: 0 }, { status: 404 }];
    await expect(client.delete("menu")).resolves.toBeUndefined();
    answers = [{ status: 404 }];
    await expect(client.delete("menu")).rejects.toMatchObject({ status: 404 });
  });

  it("does not repeat what was refused", async () => {
    answers = [{ status: 400 }];
    await expect(client.patch("menu", { name: "" })).rejects.toBeInstanceOf(QrServiceError);
    expect(seen).toHaveLength(1);
  });
});
