import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exchange, parseReplies, type RawReply } from "../support/hostile/exchange.ts";
import { hostileUrl } from "../support/hostile/targets.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const CASES = 150;

/** All that may come with a redirect. */
const REDIRECT_HEADERS = [
  "cache-control",
  "connection",
  "content-length",
  "date",
  "location",
  "x-request-id",
  "x-robots-tag",
];

let stack: TestStack;
let port: number;
beforeAll(async () => {
  stack = await startTestStack();
  port = Number(new URL(stack.baseUrl).port);
});
afterAll(() => stack.close());

/** The reply to a scan as it stands on the wire, where no client has mended it. */
async function scan(qrId: string): Promise<RawReply> {
  const lines = [
    `GET /scan/${qrId} HTTP/1.1`,
    "host: localhost",
    "connection: close",
    "user-agent: Mozilla/5.0",
  ];
  const { received } = await exchange(port, `${lines.join("\r\n")}\r\n\r\n`, false);
  const replies = parseReplies(received, false);
  expect(replies).toHaveLength(1);
  return replies[0] as RawReply;
}

/** Fails unless the reply redirects to `url` and says nothing besides. */
function expectRedirect(reply: RawReply, url: string): void {
  expect([reply.status, reply.body]).toEqual([302, ""]);
  expect(reply.headers.map(([name]) => name).sort()).toEqual(REDIRECT_HEADERS);
  const location = new Map(reply.headers).get("location") ?? "";
  expect(location).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
  expect(location).toBe(new URL(url).href);
}

describe("a redirect's location", () => {
  it("is one header of visible ASCII, whatever target or fallback was taken", {
    timeout: 60_000,
  }, async () => {
    let taken = 0;
    const property = fc.asyncProperty(hostileUrl, fc.boolean(), async (url, asFallback) => {
      const json = asFallback
        ? { targetUrl: "https://example.com/", fallbackUrl: url, expiresAt: "2001-01-01T00:00:00Z" }
        : { targetUrl: url };
      const reply = await stack.call("/generate", { method: "POST", json });
      if (reply.status === 400) return;
      expect(reply.status).toBe(201);
      taken += 1;
      const { qrId } = (await reply.json()) as { qrId: string };
      // From the database, and then from the cache.
      for (let round = 0; round < 2; round++) expectRedirect(await scan(qrId), url);
    });
    await fc.assert(property, { numRuns: CASES });
    expect(taken).toBeGreaterThan(CASES / 20);
  });

  it("stays one header even if the database holds what no request could have brought there", async () => {
    const injected = "https://example.com/\r\nset-cookie: hostile=1\r\n\r\n<script>";
    const insert = `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at)
      VALUES ('injected', 'tenant_a', $1, now(), now())`;
    await stack.database.sql(insert, [injected]);
    for (let round = 0; round < 2; round++) {
      const reply = await scan("injected");
      expectRedirect(reply, injected);
      expect(new Map(reply.headers).get("location")).toBe(
        "https://example.com/set-cookie:%20hostile=1%3Cscript%3E",
      );
    }
  });
});
