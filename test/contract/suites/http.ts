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
      ["/generate", "POST, OPTIONS"],
      ["/scan/unknown-code", "GET, HEAD, OPTIONS"],
      ["/scan/unknown-code/", "GET, HEAD, OPTIONS"],
      ["/health", "GET, HEAD, OPTIONS"],
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
