import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { scan } from "../../support/scanner.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { PHONE } from "../../support/user-agents.ts";

/** Codes from their creation to their deletion, through any stack. */
export function codesSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  async function create(fields: Record<string, unknown> = {}, tenant = "tenant_a"): Promise<QrCode> {
    const reply = await stack.call("/generate", {
      method: "POST",
      tenant,
      json: { targetUrl: "https://example.com/menu", ...fields },
    });
    expect(reply.status).toBe(201);
    return (await reply.json()) as QrCode;
  }

  const get = async (qrId: string, tenant = "tenant_a") => {
    const reply = await stack.call(`/qr/${qrId}`, { tenant });
    return { status: reply.status, body: (await reply.json()) as QrCode & { cached: boolean } };
  };

  const patch = (qrId: string, json: unknown, tenant = "tenant_a") =>
    stack.call(`/qr/${qrId}`, { method: "PATCH", tenant, json });

  describe("POST /generate", () => {
    it("creates a code with every field present, and says where it is", async () => {
      const reply = await stack.call("/generate", {
        method: "POST",
        json: { targetUrl: "https://example.com/" },
      });
      expect(reply.status).toBe(201);
      expect(reply.headers.get("content-type")).toBe("application/json");
      expect(reply.headers.get("x-request-id")).toMatch(/.+/);
      const { svg, ...code } = (await reply.json()) as QrCode & { svg: string };
      expect(code).toEqual({
        qrId: expect.stringMatching(/^qr_[1-9A-HJ-NP-Za-km-z]{12}$/),
        tenantId: "tenant_a",
        targetUrl: "https://example.com/",
        scanUrl: `${stack.baseUrl}/scan/${code.qrId}`,
        name: null,
        tags: [],
        status: "active",
        state: "open",
        startsAt: null,
        expiresAt: null,
        maxScans: null,
        fallbackUrl: null,
        alphanumeric: false,
        style: null,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: code.createdAt,
        version: 1,
        scans: 0,
      });
      expect(reply.headers.get("location")).toBe(`/qr/${code.qrId}`);
      expect(svg).toMatch(/^<svg /);
    });

    it("keeps what it is given, in UTC", async () => {
      const given = {
        qrId: "summer-menu_1",
        name: "Sommer ☀️",
        tags: ["menu", "été"],
        maxScans: 5,
        fallbackUrl: "https://example.com/closed",
      };
      const code = await create({
        ...given,
        startsAt: "2030-01-31T12:00:00+02:00",
        expiresAt: "2030-02-28T12:00:00.5Z",
      });
      expect(code).toMatchObject({
        ...given,
        startsAt: "2030-01-31T10:00:00.000Z",
        expiresAt: "2030-02-28T12:00:00.500Z",
      });
      expect((await get("summer-menu_1")).body).toMatchObject(given);
    });

    it("never issues an ID twice, neither another tenant's nor a deleted one", async () => {
      await create({ qrId: "taken-id" });
      for (const tenant of ["tenant_a", "tenant_b"]) {
        const reply = await stack.call("/generate", {
          method: "POST",
          tenant,
          json: { targetUrl: "https://example.com", qrId: "taken-id" },
        });
        expect(reply.status).toBe(409);
        expect(await reply.json()).toMatchObject({ errors: [{ path: "qrId", message: "is taken" }] });
      }
      await stack.call("/qr/taken-id", { method: "DELETE" });
      const again = await stack.call("/generate", {
        method: "POST",
        json: { targetUrl: "https://example.com", qrId: "taken-id" },
      });
      expect(again.status).toBe(409);
    });

    it("answers a retry with the first status, says so, and refuses another body under the same key", async () => {
      const send = (json: unknown, tenant = "tenant_a") =>
        stack.call("/generate", { method: "POST", tenant, json, headers: { "idempotency-key": "order-1" } });
      const first = await send({ targetUrl: "https://example.com/1", name: "one" });
      const retry = await send({ name: "one", targetUrl: "https://example.com/1" });
      expect([first.status, retry.status]).toEqual([201, 201]);
      expect([first, retry].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
      expect(retry.headers.get("location")).toBe(first.headers.get("location"));
      expect(await retry.json()).toEqual(await first.json());
      expect((await send({ targetUrl: "https://example.com/2" })).status).toBe(409);
      expect((await send({ targetUrl: "https://example.com/2" }, "tenant_b")).status).toBe(201);
    });

    it("answers a retry with the code as it is now, or 410 once it is deleted", async () => {
      const send = () =>
        stack.call("/generate", {
          method: "POST",
          json: { targetUrl: "https://example.com/first" },
          headers: { "idempotency-key": "order-2" },
        });
      const { qrId } = (await (await send()).json()) as QrCode;
      await patch(qrId, { targetUrl: "https://example.com/second", name: "changed" });
      await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
      const retry = await send();
      expect(retry.status).toBe(201);
      expect(await retry.json()).toMatchObject({
        ...{ qrId, targetUrl: "https://example.com/second", name: "changed", scans: 1 },
        svg: expect.stringMatching(/^<svg /),
      });
      await stack.call(`/qr/${qrId}`, { method: "DELETE" });
      for (let round = 0; round < 2; round++) {
        const gone = await send();
        expect([gone.status, gone.headers.get("idempotent-replayed")]).toEqual([410, "true"]);
        expect(await gone.json()).toMatchObject({ type: "urn:problem:qr-service:gone" });
      }
    });

    it("stores no code beside the key, and reads those that an earlier version has stored there", async () => {
      const send = () =>
        stack.call("/generate", {
          method: "POST",
          json: { targetUrl: "https://example.com/old" },
          headers: { "idempotency-key": "order-3" },
        });
      const { svg: _svg, ...code } = (await (await send()).json()) as QrCode & { svg: string };
      const { db } = stack.services;
      const [row] = await db.read("SELECT code FROM idempotency_keys WHERE key = $1", ["order-3"]);
      expect(row).toEqual({ code: { qrId: code.qrId, httpStatus: 201 } });
      await db.write("UPDATE idempotency_keys SET code = $1 WHERE key = $2", [
        JSON.stringify(code),
        "order-3",
      ]);
      await patch(code.qrId, { name: "changed" });
      const retry = await send();
      expect([retry.status, ((await retry.json()) as QrCode).name]).toEqual([201, "changed"]);
    });

    it("makes one code of concurrent requests with one key", async () => {
      const replies = await Promise.all(
        Array.from({ length: 8 }, () =>
          stack.call("/generate", {
            method: "POST",
            json: { targetUrl: "https://example.com/once" },
            headers: { "idempotency-key": "concurrent" },
          }),
        ),
      );
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 201));
      const replayed = replies.filter(({ headers }) => headers.get("idempotent-replayed") === "true");
      expect(replayed).toHaveLength(7);
      const codes = (await Promise.all(replies.map((reply) => reply.json()))) as QrCode[];
      expect(new Set(codes.map(({ qrId }) => qrId)).size).toBe(1);
    });
  });

  describe("GET /qr/{qrId}", () => {
    it("comes from Redis the second time, and says so", async () => {
      const { qrId } = await create();
      expect((await get(qrId)).body.cached).toBe(false);
      const { body } = await get(qrId);
      expect(body).toMatchObject({ cached: true, qrId, scans: 0 });
    });

    it("draws the picture of the scan URL on request", async () => {
      const { qrId } = await create();
      const svg = await stack.call(`/qr/${qrId}`, { headers: { accept: "image/svg+xml" } });
      expect(svg.headers.get("content-type")).toBe("image/svg+xml");
      expect(await svg.text()).toMatch(/^<svg /);
      const png = await stack.call(`/qr/${qrId}?format=png&size=300&ecc=H&color=%23003366`);
      expect(png.headers.get("content-type")).toBe("image/png");
      const bytes = Buffer.from(await png.arrayBuffer());
      expect(bytes.subarray(1, 4).toString()).toBe("PNG");
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([300, 300]);
    });

    it.each([
      ["*/*", "application/json"],
      ["text/html,image/avif,image/webp,image/apng,*/*;q=0.8", "application/json"],
      ["image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8", "image/svg+xml"],
      ["image/png", "image/png"],
      ["application/json;q=0.5, image/png;q=0.9", "image/png"],
    ])("answers Accept: %s with %s", async (accept, type) => {
      const { qrId } = await create();
      const reply = await stack.call(`/qr/${qrId}`, { headers: { accept } });
      expect(reply.headers.get("content-type")).toBe(type);
    });
  });

  describe("GET /qr/{qrId}/picture", () => {
    const picture = (qrId: string, query = "", headers: Record<string, string> = {}) =>
      stack.call(`/qr/${qrId}/picture${query}`, { headers });

    it.each([
      ["", "*/*", "image/svg+xml"],
      ["", "application/json", "image/svg+xml"],
      ["", "image/png", "image/png"],
      ["", "image/svg+xml, image/png, application/problem+json", "image/svg+xml"],
      ["?format=png", "image/svg+xml", "image/png"],
      ["?format=svg", "image/png", "image/svg+xml"],
    ])("with query %j and Accept: %s is %s", async (query, accept, type) => {
      const { qrId } = await create();
      const reply = await picture(qrId, query, { accept });
      expect(reply.status).toBe(200);
      expect(reply.headers.get("content-type")).toBe(type);
      expect(reply.headers.get("cache-control")).toBe("private, no-cache");
      expect(reply.headers.get("vary")).toBe("accept");
    });

    it("is the picture of the scan URL, to the byte as GET /qr/{qrId} draws it", async () => {
      const { qrId, scanUrl } = await create();
      const query = "?format=png&size=300&ecc=H&color=%23003366&background=ffe&margin=2";
      const [own, asBefore] = await Promise.all([picture(qrId, query), stack.call(`/qr/${qrId}${query}`)]);
      const bytes = new Uint8Array(await own.arrayBuffer());
      expect(await scan(bytes)).toBe(scanUrl);
      expect(Buffer.from(await asBefore.arrayBuffer()).equals(bytes)).toBe(true);
      expect(own.headers.get("etag")).toBe(asBefore.headers.get("etag"));
    });

    it.each(["/picture", ""])("GET /qr/{qrId}%s answers 304 to whoever has it", async (path) => {
      const { qrId } = await create();
      const ask = (query: string, headers: Record<string, string> = {}) =>
        stack.call(`/qr/${qrId}${path}?format=svg${query}`, { headers });
      const first = await ask("");
      const etag = first.headers.get("etag") ?? expect.unreachable();
      expect(etag).toMatch(/^"[\w-]{22}"$/);
      for (const named of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = await ask("", { "if-none-match": named });
        expect([named, again.status]).toEqual([named, 304]);
        expect(await again.text()).toBe("");
        expect(again.headers.get("etag")).toBe(etag);
        expect(again.headers.get("cache-control")).toBe("private, no-cache");
      }
      for (const [query, named] of [
        ["", '"other"'],
        ["&ecc=H", etag],
      ] as const) {
        const other = await ask(query, { "if-none-match": named });
        expect(other.status).toBe(200);
        expect(await other.text()).toMatch(/^<svg /);
      }
    });

    it("answers 304 only for a code that there is", async () => {
      const { qrId } = await create();
      const etag = (await picture(qrId)).headers.get("etag") ?? "";
      await stack.call(`/qr/${qrId}`, { method: "DELETE" });
      for (const named of [etag, "*"]) {
        expect((await picture(qrId, "", { "if-none-match": named })).status).toBe(404);
      }
    });
  });

  describe("PATCH /qr/{qrId}", () => {
    it("changes what it names, and nothing else; null clears", async () => {
      const code = await create({ name: "before", tags: ["a"], maxScans: 3 });
      const reply = await patch(code.qrId, {
        targetUrl: "https://example.com/new",
        name: null,
        status: "paused",
      });
      expect(reply.status).toBe(200);
      const changed = (await reply.json()) as QrCode;
      expect(changed).toEqual({
        ...without(code, "svg"),
        targetUrl: "https://example.com/new",
        name: null,
        status: "paused",
        state: "paused",
        updatedAt: changed.updatedAt,
        version: 2,
      });
      expect(changed.updatedAt >= code.updatedAt).toBe(true);
    });

    it("is seen at once by get, list and scan, which had the old value in the cache", async () => {
      const { qrId } = await create({}, "tenant_p");
      const listed = async () => {
        const reply = await stack.call("/qr", { tenant: "tenant_p" });
        return (await reply.json()) as { qrCodes: QrCode[]; cached: boolean };
      };
      for (let round = 0; round < 2; round++) {
        await get(qrId, "tenant_p");
        await listed();
        await stack.call(`/scan/${qrId}`, { tenant: null });
      }
      expect((await listed()).cached).toBe(true);
      await patch(qrId, { targetUrl: "https://example.com/changed" }, "tenant_p");
      expect((await get(qrId, "tenant_p")).body).toMatchObject({
        targetUrl: "https://example.com/changed",
        cached: false,
      });
      expect(await listed()).toMatchObject({
        cached: false,
        qrCodes: [{ targetUrl: "https://example.com/changed" }],
      });
      const scan = await stack.call(`/scan/${qrId}`, { tenant: null });
      expect(scan.headers.get("location")).toBe("https://example.com/changed");
    });

    it("refuses a window that would end before it starts, whichever end is stored", async () => {
      const { qrId } = await create({ startsAt: "2030-01-01T00:00:00Z" });
      const reply = await patch(qrId, { expiresAt: "2029-01-01T00:00:00Z" });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({
        errors: [{ path: "expiresAt", message: "must be after startsAt" }],
      });
      expect((await get(qrId)).body.expiresAt).toBeNull();
    });
  });

  describe("DELETE /qr/{qrId}", () => {
    it("removes the code and every key of it, and leaves nothing to delete again", async () => {
      const { qrId } = await create();
      await get(qrId);
      await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
      const reply = await stack.call(`/qr/${qrId}`, { method: "DELETE" });
      expect([reply.status, await reply.text()]).toEqual([204, ""]);
      const [, keys] = (await stack.services.redis.command(
        "SCAN",
        "0",
        "MATCH",
        `*${qrId}*`,
        "COUNT",
        "10000",
      )) as [string, string[]];
      expect(keys.filter((key) => !key.includes(":fence:"))).toEqual([]);
      expect((await get(qrId)).status).toBe(404);
      expect((await stack.call(`/qr/${qrId}`, { method: "DELETE" })).status).toBe(404);
      expect((await patch(qrId, { name: "x" })).status).toBe(404);
      expect((await stack.call(`/qr/${qrId}/stats`)).status).toBe(404);
    });
  });

  describe("GET /qr/{qrId}/stats", () => {
    it("tells the live counters", async () => {
      const { qrId } = await create();
      for (let scan = 0; scan < 3; scan++) {
        await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
      }
      const reply = await stack.call(`/qr/${qrId}/stats`);
      expect(await reply.json()).toMatchObject({
        qrId,
        scans: 3,
        today: 3,
        date: new Date().toISOString().slice(0, 10),
        source: "redis",
      });
    });
  });

  describe("GET /health", () => {
    it("is public, and ok while both servers answer", async () => {
      const reply = await stack.call("/health", { tenant: null });
      expect([reply.status, await reply.json()]).toEqual([
        200,
        { status: "ok", redis: "ok", breaker: "closed", postgres: "ok" },
      ]);
    });
  });

  describe("any other route", () => {
    it("is a problem, with the request's ID", async () => {
      const reply = await stack.call("/nowhere");
      expect(reply.status).toBe(404);
      expect(reply.headers.get("content-type")).toBe("application/problem+json");
      expect(await reply.json()).toEqual({
        type: "urn:problem:qr-service:not-found",
        title: "Not found",
        status: 404,
        detail: "there is no such route",
        requestId: reply.headers.get("x-request-id"),
      });
    });
  });

  function without<T extends object>(value: T, name: string): Partial<T> {
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)) as Partial<T>;
  }
}
