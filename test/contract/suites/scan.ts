import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QrCode } from "../../../core/code/qr-code.ts";
import type { StartStack, TestStack } from "../../support/test-stack.ts";
import { CRAWLER, PHONE } from "../../support/user-agents.ts";

const PAST = "2020-01-01T00:00:00Z";
const FUTURE = "2999-01-01T00:00:00Z";

/** What a visitor gets, and what is kept of it, through any stack. */
export function scanSuite(start: StartStack): void {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await start();
  });
  afterAll(() => stack.close());

  async function create(fields: Record<string, unknown> = {}): Promise<string> {
    const reply = await stack.call("/generate", {
      method: "POST",
      json: { targetUrl: "https://example.com/menu", ...fields },
    });
    return ((await reply.json()) as QrCode).qrId;
  }

  const scan = (qrId: string, headers: Record<string, string> = {}, method = "GET") =>
    stack.call(`/scan/${qrId}`, { method, tenant: null, headers: { "user-agent": PHONE, ...headers } });

  async function scans(qrId: string): Promise<number> {
    return ((await (await stack.call(`/qr/${qrId}/stats`)).json()) as { scans: number }).scans;
  }

  async function outbox(qrId: string): Promise<Record<string, unknown>[]> {
    const entries = (await stack.services.redis.command("XRANGE", "qr-service:outbox", "-", "+")) as [
      string,
      string[],
    ][];
    return entries
      .map(([, [, event, , tenant, , target]]) => ({ ...JSON.parse(event ?? ""), tenant, target }))
      .filter((event) => event.qrId === qrId);
  }

  describe("a scan", () => {
    it("redirects to the target, may not be stored, and is counted", async () => {
      const qrId = await create();
      for (let expected = 1; expected <= 3; expected++) {
        const reply = await scan(qrId);
        expect(reply.status).toBe(302);
        expect(reply.headers.get("location")).toBe("https://example.com/menu");
        expect(reply.headers.get("cache-control")).toBe("private, no-store");
        expect(reply.headers.get("x-request-id")).toMatch(/.+/);
        expect(await scans(qrId)).toBe(expected);
      }
    });

    it("never lets its query choose or change the target", async () => {
      const qrId = await create();
      const reply = await stack.call(`/scan/${qrId}?url=https://evil.example&targetUrl=x&utm=1`, {
        tenant: null,
      });
      expect(reply.headers.get("location")).toBe("https://example.com/menu");
    });

    it("never fails for its query", async () => {
      const qrId = await create();
      for (const query of ["?", "?a=1&a=2", "?%zz&=&&", `?${"a=b&".repeat(500)}`]) {
        const reply = await scan(`${qrId}${query}`);
        expect([reply.status, reply.headers.get("location")]).toEqual([302, "https://example.com/menu"]);
      }
      expect(await scans(qrId)).toBe(4);
    });

    it("captures an event without the visitor's address", async () => {
      const qrId = await create();
      await scan(qrId, { referer: "https://news.example.org/article?session=secret" });
      const [event, ...others] = await outbox(qrId);
      expect(others).toEqual([]);
      expect(event).toEqual({
        eventId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
        qrId,
        occurredAt: expect.any(Number),
        bot: false,
        country: null,
        userAgent: PHONE,
        referrerHost: "news.example.org",
        visitor: expect.stringMatching(/^[\w-]{16}$/),
        tenant: "tenant_a",
        target: "https://example.com/menu",
      });
      expect(JSON.stringify(event)).not.toContain("127.0.0.1");
    });

    it("answers HEAD alike, counts it not and sends no body", async () => {
      const qrId = await create();
      for (const method of ["HEAD", "HEAD", "GET", "HEAD"]) {
        const reply = await scan(qrId, {}, method);
        expect([reply.status, reply.headers.get("location")]).toEqual([302, "https://example.com/menu"]);
      }
      expect(await scans(qrId)).toBe(1);
      expect(await outbox(qrId)).toHaveLength(1);
      const missing = await scan("unknown-code", {}, "HEAD");
      expect([missing.status, await missing.text()]).toEqual([404, ""]);
    });

    it.each([
      { "sec-purpose": "prefetch" },
      { "sec-purpose": "prefetch;prerender" },
      { "sec-purpose": "prefetch;anonymous-client-ip" },
      { purpose: "prefetch" },
      { purpose: "prerender" },
      { purpose: "preview" },
      { "x-purpose": "preview" },
      { "x-purpose": "Preview" },
      { "x-moz": "prefetch" },
      { "x-purpose": "preview", "user-agent": CRAWLER },
    ])("does not count a preview or a prefetch (%j)", async (headers) => {
      const qrId = await create();
      expect((await scan(qrId, headers)).status).toBe(302);
      expect(await scans(qrId)).toBe(0);
      expect(await outbox(qrId)).toEqual([]);
    });

    it.each([CRAWLER, "curl/8.0", ""])(
      "redirects and records a bot (%j) without counting it",
      async (agent) => {
        const qrId = await create();
        expect((await scan(qrId, { "user-agent": agent })).status).toBe(302);
        expect(await scans(qrId)).toBe(0);
        expect(await outbox(qrId)).toMatchObject([{ bot: true }]);
      },
    );
  });

  describe("what scanners and typesetters add to a scan's URL", () => {
    const ADDED = [
      ...["/", ".", ",", ";", ":", "!", "?", ")", "]", ">", '"', "'", "%20"],
      ...[
        "%3F",
        "%3E",
        "%22",
        "%29.",
        "/.",
        "//",
        "/?",
        "%E2%80%9D",
        "%C2%BB",
        "%E3%80%82",
        "%E2%80%8B",
        "%0A",
        "…",
      ],
    ];

    it.each(ADDED)("(%s) is no part of the ID", async (added) => {
      const qrId = await create();
      for (const method of ["GET", "HEAD"]) {
        const reply = await scan(`${qrId}${added}`, {}, method);
        expect([reply.status, reply.headers.get("location")]).toEqual([302, "https://example.com/menu"]);
      }
      expect(await scans(qrId)).toBe(1);
      expect(await outbox(qrId)).toMatchObject([{ qrId }]);
    });

    it.each(["/", "%20", "(", "%E2%80%9C"])("(%s) is no part of it in front, either", async (added) => {
      const qrId = await create();
      expect((await scan(`${added}${qrId}`)).status).toBe(302);
    });

    it("is never a letter, a digit or a sign that an ID may hold", async () => {
      await create({ qrId: "caf" });
      await create({ qrId: "cafe-1" });
      for (const id of [
        "caf%C3%A9",
        "caf%CC%81",
        "caf%D9%A1",
        "caf%00",
        "caf.e",
        "caf/e",
        "cafe-1%E2%82%81",
      ]) {
        const reply = await scan(id, { accept: "application/json" });
        expect([id, reply.status]).toEqual([id, 400]);
      }
      for (const id of ["caf_", "caf-", "cafe", "cafe-1-."]) {
        const reply = await scan(id, { accept: "application/json" });
        expect([id, reply.status]).toEqual([id, 404]);
      }
    });

    it("is looked for only in text that is not much longer than an ID", async () => {
      const qrId = await create();
      expect((await scan(`${qrId}${".".repeat(100)}`)).status).toBe(302);
      expect((await scan(`${qrId}${".".repeat(1_000)}`, { accept: "application/json" })).status).toBe(400);
    });
  });

  describe("a search engine", () => {
    it.each(["text/html", "application/json"])("is asked to index no scan (%s)", async (accept) => {
      const open = await create();
      for (const id of [open, "unknown-code", "a*", `${open}/x`]) {
        for (const method of ["GET", "HEAD"]) {
          const reply = await scan(id, { accept }, method);
          expect([id, reply.headers.get("x-robots-tag")]).toEqual([id, "noindex"]);
        }
      }
    });
  });

  describe("a code that does not redirect", () => {
    it.each([
      ["paused", {}, { status: "paused" }, 410],
      ["expired", { expiresAt: PAST }, undefined, 410],
      ["not yet started", { startsAt: FUTURE }, undefined, 404],
    ])("(%s) leads to its fallback if it has one, else says so", async (_name, fields, change, status) => {
      for (const fallbackUrl of [null, "https://example.com/fallback"]) {
        const qrId = await create({ ...fields, fallbackUrl });
        if (change) await stack.call(`/qr/${qrId}`, { method: "PATCH", json: change });
        // The first scan fills the cache, the second reads it.
        for (let round = 0; round < 2; round++) {
          const reply = await scan(qrId);
          expect(reply.status).toBe(fallbackUrl ? 302 : status);
          expect(reply.headers.get("location")).toBe(fallbackUrl);
          expect(reply.headers.get("cache-control")).toBe("private, no-store");
        }
        expect(await scans(qrId)).toBe(0);
        expect(await outbox(qrId)).toEqual([]);
      }
    });

    it("(deleted) leads to its fallback if it has one, else is gone", async () => {
      const [plain, kept] = [await create(), await create({ fallbackUrl: "https://example.com/f" })];
      for (const qrId of [plain, kept]) {
        await scan(qrId);
        await stack.call(`/qr/${qrId}`, { method: "DELETE" });
      }
      expect((await scan(plain)).status).toBe(410);
      expect((await scan(kept)).headers.get("location")).toBe("https://example.com/f");
    });

    it("(used up) stops after exactly maxScans, however many come at once", async () => {
      const qrId = await create({ maxScans: 5 });
      await scan(qrId, {}, "HEAD");
      const replies = await Promise.all(Array.from({ length: 20 }, () => scan(qrId)));
      expect(replies.filter(({ status }) => status === 302)).toHaveLength(5);
      expect(replies.filter(({ status }) => status === 410)).toHaveLength(15);
      expect(await scans(qrId)).toBe(5);
    });

    it("(unknown) is live as soon as it is created, though it was just scanned as unknown", async () => {
      expect((await scan("soon-there")).status).toBe(404);
      expect((await scan("soon-there")).status).toBe(404);
      await create({ qrId: "soon-there" });
      expect((await scan("soon-there")).status).toBe(302);
    });
  });

  describe("whoever scans a code that leads nowhere", () => {
    it("gets a small page on a phone, which needs nothing else", async () => {
      const reply = await scan("unknown-code", { accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
      expect(reply.headers.get("content-type")).toBe("text/html; charset=utf-8");
      const page = await reply.text();
      expect(page).toContain('<html lang="en">');
      expect(page).toContain("<h1>This code leads nowhere</h1>");
      expect(page).not.toMatch(/src=|href=|<script/);
      expect(page.length).toBeLessThan(2_000);
    });

    it.each(["application/json", "application/problem+json"])(
      "gets a problem for Accept: %s",
      async (accept) => {
        const reply = await scan("unknown-code", { accept });
        expect([reply.status, reply.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
      },
    );

    it("gets the page for whatever is behind the ID", async () => {
      for (const id of ["unknown-code/", "unknown-code.", "a*", "a/b", `${"x".repeat(65)}`]) {
        for (const accept of ["text/html,*/*;q=0.8", "*/*"]) {
          const reply = await scan(id, { accept });
          expect([id, reply.headers.get("content-type")]).toEqual([id, "text/html; charset=utf-8"]);
          expect(await reply.text()).toContain("<h1>This code leads nowhere</h1>");
        }
      }
    });

    it.each([
      "a:b",
      "a*",
      "%00",
      "a%00b",
      "ab",
      "x".repeat(65),
      "caf%C3%A9",
      "%E0%A4%A",
      "a%2Fb",
      "a b",
      "..%2f",
    ])("is refused before any look-up if the ID is %s", async (id) => {
      const before = await stack.services.redis.command("DBSIZE");
      const reply = await scan(id, { accept: "application/json" });
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path: "qrId" }] });
      expect(await stack.services.redis.command("DBSIZE")).toBe(before);
    });
  });
}
