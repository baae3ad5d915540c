import { get, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import { routes } from "../../../functions/manifest.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";

/** Differs from one reply to the next, tells of a body, or belongs to the connection, which `fetch` ends after HEAD. */
const INCOMPARABLE = ["date", "x-request-id", "content-length", "connection", "keep-alive"];

/** What HTTP itself promises a client, whatever the route, through any stack. */
export function httpSuite(start: StartStack): void {
  let stack: TestStack;
  let qrId: string;
  beforeAll(async () => {
    stack = await start();
    const reply = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/menu" },
    });
    qrId = ((await reply.json()) as QrCode).qrId;
  });
  afterAll(() => stack.close());

  const pathOf = (path: string) => path.replace("{qrId}", qrId);

  /** Headers that two replies to the same request share. */
  function comparable(reply: Response): Record<string, string> {
    const headers = [...reply.headers].filter(([name]) => !INCOMPARABLE.includes(name));
    return Object.fromEntries(headers);
  }

  async function inserted(tenant: string, count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const json = { targetUrl: `https://example.com/menu/${index}`, name: `Menu ${index}`, tags: ["a b&c"] };
      const reply = await stack.call("/generate", { method: "POST", tenant, json });
      expect(reply.status).toBe(201);
    }
  }

  interface RawReply {
    headers: IncomingHttpHeaders;
    body: Buffer;
  }

  /** A reply as it is sent: `fetch` would undo its coding. */
  async function raw(path: string, { tenant, encoding }: { tenant: string | null; encoding: string }) {
    const token = tenant === null ? "" : await stack.issuer.issue([tenant], ["qr:read"]);
    const headers = { authorization: `Bearer ${token}`, "accept-encoding": encoding };
    return new Promise<RawReply>((resolve, reject) => {
      const sent = get(`${stack.baseUrl}${path}`, { headers, agent: false }, async (reply) => {
        resolve({ headers: reply.headers, body: await buffer(reply) });
      });
      sent.on("error", reject);
    });
  }

  describe("HEAD", () => {
    const readable = routes.filter(({ methods }) => methods.includes("GET")).map(({ path }) => path);

    it.each([...readable, "/qr/{qrId}?format=png", "/qr/{qrId}/stats?days=0", "/qr/unknown-code"])(
      "%s answers as GET does, without a body",
      async (path) => {
        const got = await stack.call(pathOf(path));
        const head = await stack.call(pathOf(path), { method: "HEAD" });
        expect([head.status, comparable(head)]).toEqual([got.status, comparable(got)]);
        expect(await head.text()).toBe("");
        expect(head.headers.get("x-request-id")).toMatch(/.+/);
      },
    );

    it.each(["/", "/scan", "/no/such/path"])("%s answers as GET does for a person, too", async (path) => {
      const headers = { accept: "text/html" };
      const got = await stack.call(path, { headers, tenant: null });
      const head = await stack.call(path, { method: "HEAD", headers, tenant: null });
      expect([head.status, comparable(head)]).toEqual([got.status, comparable(got)]);
      expect(await head.text()).toBe("");
    });

    it("needs the token that GET needs", async () => {
      expect((await stack.call("/qr", { method: "HEAD", tenant: null })).status).toBe(401);
    });
  });

  describe("a media type", () => {
    it.each([
      "application/json;charset=utf-8",
      "application/json ;charset=utf-8",
      "application/json \t; charset=utf-8",
      "Application/JSON",
      "application/merge-patch+json ; charset=UTF-8",
    ])("is the same however it is written (%s)", async (type) => {
      const headers = { "content-type": type };
      const reply = await stack.call(`/qr/${qrId}`, { method: "PATCH", json: { name: "Menu" }, headers });
      expect(reply.status).toBe(200);
    });
  });

  describe("a query parameter that is given twice", () => {
    const managed = routes.flatMap(({ methods, path, ...route }) =>
      "scope" in route ? methods.filter((method) => method !== "HEAD").map((method) => [method, path]) : [],
    );

    it.each(managed)("is refused by its name (%s %s)", async (method, path) => {
      for (const [query, names] of [
        ["limit=1&tag=a&limit=2", ["limit"]],
        ["tag=a&tag=a", ["tag"]],
        ["%74ag=a&tag=b&x&x", ["tag", "x"]],
      ] as const) {
        const body = method === "GET" || method === "DELETE" ? {} : { json: {} };
        const reply = await stack.call(`${pathOf(path ?? "")}?${query}`, { method: method ?? "", ...body });
        expect(reply.status).toBe(400);
        expect(await reply.json()).toMatchObject({
          errors: names.map((name) => ({ path: name, message: "must be given once" })),
        });
      }
    });

    it("is told from a comma in its value", async () => {
      expect((await stack.call("/qr?tag=a,b")).status).toBe(200);
    });
  });

  describe("a list that does not fit into a packet", () => {
    it("is compressed for whoever takes gzip, to a tenth", async () => {
      const tenant = "tenant_of_many";
      await inserted(tenant, 100);
      const plain = await raw("/qr", { tenant, encoding: "identity" });
      const small = await raw("/qr", { tenant, encoding: "gzip" });
      expect(plain.headers["content-encoding"]).toBeUndefined();
      expect([plain.headers.vary, small.headers.vary]).toEqual(["accept-encoding", "accept-encoding"]);
      expect(small.headers["content-encoding"]).toBe("gzip");
      expect(small.headers["content-length"]).toBe(String(small.body.length));
      expect(plain.body.length).toBeGreaterThan(30_000);
      expect(small.body.length).toBeLessThan(plain.body.length / 8);
      const [before, after] = [plain.body, gunzipSync(small.body)].map((bytes) => JSON.parse(String(bytes)));
      expect(after).toEqual({ ...before, cached: after.cached });
    });

    it("is what a scan is not", async () => {
      for (const path of [`/scan/${qrId}`, "/scan/unknown-code"]) {
        const { headers } = await raw(path, { tenant: null, encoding: "gzip, br, deflate" });
        expect([headers["content-encoding"], headers.vary]).toEqual([undefined, undefined]);
      }
    });
  });

  describe("a list that goes on", () => {
    it("links to its next page, with what else was asked, until the last", async () => {
      const tenant = "tenant_of_pages";
      await inserted(tenant, 5);
      const seen: string[] = [];
      let path: string | undefined = "/qr?tag=a%20b%26c&limit=2";
      while (path) {
        const reply: Response = await stack.call(path, { tenant });
        const page = (await reply.json()) as { qrCodes: QrCode[]; nextCursor?: string };
        seen.push(...page.qrCodes.map((code) => code.qrId));
        path = /^<([^>]+)>; rel="next"$/.exec(reply.headers.get("link") ?? "")?.[1];
        const query = new URL(path ?? "", stack.baseUrl).searchParams;
        expect(query.get("cursor")).toBe(page.nextCursor ?? null);
        if (path) expect([query.get("tag"), query.get("limit")]).toEqual(["a b&c", "2"]);
      }
      expect(new Set(seen).size).toBe(5);
    });
  });

  describe("the description of the API", () => {
    const read = (headers: Record<string, string> = {}, method = "GET") =>
      stack.call("/openapi.json", { method, tenant: null, headers });

    it("is served to anyone, and sent again only if it has changed", async () => {
      const reply = await read();
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject({ openapi: "3.1.0" });
      const etag = reply.headers.get("etag") ?? "";
      expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
      expect(reply.headers.get("cache-control")).toBe("public, no-cache");
      for (const method of ["GET", "HEAD"]) {
        const again = await read({ "if-none-match": `"other", ${etag}` }, method);
        expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
      }
      expect((await read({ "if-none-match": '"other"' })).status).toBe(200);
    });
  });

  describe("a path that nothing is at", () => {
    const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    const visit = (path: string, accept: string | undefined, method = "GET") =>
      stack.call(path, { method, tenant: null, headers: accept === undefined ? {} : { accept } });

    it.each([
      "/",
      "/scan",
      "/scan/",
      "/favicon.ico",
      "/no/such/path",
      "/scans/abc",
      "//scan/abc",
      "/%zz",
      "/qr/",
    ])("(%s) shows a person a page", async (path) => {
      const reply = await visit(path, BROWSER);
      expect([reply.status, reply.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
      expect(reply.headers.get("x-robots-tag")).toBe("noindex");
      const text = await reply.text();
      expect(text).toContain("<h1>This address leads nowhere</h1>");
      expect(text).not.toMatch(/src=|href=|<script/);
    });

    it.each(["/scan", "/scan/"])("(%s) shows it to whatever a scanner opens, too", async (path) => {
      for (const accept of ["*/*", "image/png"]) {
        const reply = await visit(path, accept);
        expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
      }
    });

    it.each([
      ["/", "*/*", "GET"],
      ["/no/such/path", "application/json", "GET"],
      ["/scan/", "application/json", "GET"],
      ["/no/such/path", BROWSER, "POST"],
      ["/no/such/path", BROWSER, "OPTIONS"],
    ])("(%s) gives any other client a problem (Accept: %s, %s)", async (path, accept, method) => {
      const reply = await visit(path, accept, method);
      expect([reply.status, reply.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
      expect(reply.headers.get("allow")).toBeNull();
      expect(await reply.json()).toMatchObject({
        type: "urn:problem:qr-service:not-found",
        requestId: reply.headers.get("x-request-id"),
      });
    });
  });

  describe("a method that a path does not take", () => {
    const PATHS: [string, string][] = [
      ["/qr", "GET, HEAD, OPTIONS"],
      ["/qr/unknown-code", "GET, HEAD, PATCH, DELETE, OPTIONS"],
      ["/qr/unknown-code/stats", "GET, HEAD, OPTIONS"],
      ["/qr/unknown-code/scans", "GET, HEAD, OPTIONS"],
      ["/stats", "GET, HEAD, OPTIONS"],
      ["/scans", "GET, HEAD, OPTIONS"],
      ["/export", "GET, HEAD, OPTIONS"],
      ["/generate", "POST, OPTIONS"],
      ["/scan/unknown-code", "GET, HEAD, OPTIONS"],
      ["/scan/unknown-code/", "GET, HEAD, OPTIONS"],
      ["/health", "GET, HEAD, OPTIONS"],
      ["/openapi.json", "GET, HEAD, OPTIONS"],
    ];

    it.each(PATHS)("is 405 and says which ones it takes (%s)", async (path, allow) => {
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
        if (allow.includes(method)) continue;
        for (const tenant of [null, "tenant_a"]) {
          const reply = await stack.call(path, { method, tenant });
          expect([method, reply.status, reply.headers.get("allow")]).toEqual([method, 405, allow]);
          if (method === "HEAD") continue;
          expect(await reply.json()).toMatchObject({
            type: "urn:problem:qr-service:method-not-allowed",
            detail: `this path takes ${allow}`,
          });
        }
      }
    });

    it("shows a person a page", async () => {
      const reply = await stack.call("/generate", { headers: { accept: "text/html" } });
      expect([reply.status, reply.headers.get("content-type")]).toEqual([405, "text/html; charset=utf-8"]);
      expect(reply.headers.get("allow")).toBe("POST, OPTIONS");
    });

    it.each(PATHS)("is not OPTIONS, which says the same (%s)", async (path, allow) => {
      const reply = await stack.call(path, { method: "OPTIONS", tenant: null });
      expect([reply.status, reply.headers.get("allow"), await reply.text()]).toEqual([204, allow, ""]);
    });
  });
}
