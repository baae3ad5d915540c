import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsoleStack, startConsoleStack } from "../support/console-stack.ts";
import { PHONE } from "../support/user-agents.ts";

describe("the local gateway's metrics", () => {
  let stack: ConsoleStack;
  let elsewhere: ConsoleStack;
  beforeAll(async () => {
    [stack, elsewhere] = await Promise.all([startConsoleStack(), startConsoleStack({ host: "0.0.0.0" })]);
    const unread = ["unread-1", "unread-2", "unread-3"];
    for (const qrId of ["counted", ...unread]) {
      const json = { targetUrl: "https://example.com/", qrId };
      expect((await stack.call("/generate", { method: "POST", json })).status).toBe(201);
    }
    // Each of them one after another: the first is the miss.
    for (const path of ["/qr", "/qr", "/qr/counted"]) await stack.call(path);
    const known = await stack.call("/qr", { headers: { "if-none-match": "*" } });
    const head = await stack.call("/qr/counted", { method: "HEAD" });
    expect([known.status, head.status]).toEqual([304, 200]);
    expect((await stack.call("/qr?limit=5")).status).toBe(200);
    expect((await stack.call("/qr/nobodys")).status).toBe(404);
    // Hits and misses under way at the same time.
    await Promise.all(
      unread.flatMap((qrId) => [`/qr/${qrId}`, "/qr/counted"]).map((path) => stack.call(path)),
    );
    for (let scans = 0; scans < 4; scans++) {
      await fetch(`${stack.baseUrl}/scan/counted`, { redirect: "manual", headers: { "user-agent": PHONE } });
    }
  });
  afterAll(async () => {
    await Promise.all([stack?.close(), elsewhere?.close()]);
  });

  const metricsOf = async (of: ConsoleStack, headers: Record<string, string> = {}) =>
    fetch(`${of.baseUrl}/metrics`, { headers });

  it("count what was asked, by function and by what the cache did", async () => {
    const reply = await metricsOf(stack);
    expect(reply.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const lines = (await reply.text()).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        'qr_cache_hit_total{function="list"} 2',
        'qr_cache_miss_total{function="list"} 1',
        'qr_cache_hit_total{function="get"} 4',
        'qr_cache_miss_total{function="get"} 5',
        'qr_cache_hit_total{function="scan"} 3',
        'qr_cache_miss_total{function="scan"} 1',
        'qr_scans_total{function="scan"} 4',
        'qr_invalidations_total{function="generate"} 4',
        'qr_request_duration_seconds_count{function="list",cache="hit"} 2',
        'qr_request_duration_seconds_count{function="list",cache="miss"} 1',
        'qr_request_duration_seconds_count{function="list",cache="none"} 1',
        'qr_request_duration_seconds_count{function="get",cache="hit"} 4',
        'qr_request_duration_seconds_count{function="get",cache="miss"} 4',
        'qr_request_duration_seconds_count{function="get",cache="none"} 1',
        'qr_redis_errors_total{function="gateway"} 0',
        'qr_request_duration_seconds_count{function="scan",cache="hit"} 3',
        'qr_request_duration_seconds_count{function="scan",cache="miss"} 1',
        'qr_request_duration_seconds_count{function="generate",cache="none"} 4',
        "qr_breaker_state 0",
      ]),
    );
    // No consumer runs: the codes' events and the scans wait.
    expect(lines).toContain("qr_outbox_depth 8");
    const reading = (bound: string) =>
      Number(
        lines
          .find((line) => line.includes(`{function="scan",cache="hit",le="${bound}"}`))
          ?.split(" ")
          .at(-1),
      );
    expect([reading("5"), reading("+Inf")]).toEqual([3, 3]);
  });

  it("are summed up for the console, with the targets", async () => {
    const reply = await fetch(`${stack.baseUrl}/metrics/summary`);
    expect(await reply.json()).toMatchObject({
      reads: [
        { endpoint: "list", hits: 2, misses: 1, targetPercent: 80, hit: { count: 2 }, miss: { count: 1 } },
        { endpoint: "get", hits: 4, misses: 5, targetPercent: 90, hit: { count: 4 }, miss: { count: 4 } },
        { endpoint: "scan", hits: 3, misses: 1, targetPercent: null },
      ],
      invalidations: 4,
      invalidationsPending: 0,
      outbox: { depth: 8 },
      breaker: "closed",
    });
  });

  it("ask for the token off the loopback address, and behind a proxy", async () => {
    const refused = await metricsOf(elsewhere);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect((await metricsOf(elsewhere, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await metricsOf(elsewhere, { authorization: `Bearer ${elsewhere.secret}` })).status).toBe(401);
    const { metricsToken } = elsewhere;
    expect((await metricsOf(elsewhere, { authorization: `Bearer ${metricsToken}` })).status).toBe(200);
    expect(stack.metricsToken).toBeUndefined();
    expect((await metricsOf(stack, { "x-forwarded-for": "192.0.2.1" })).status).toBe(401);
  });

  it("show their summary elsewhere to administrators only", async () => {
    const summary = async (scopes: ("qr:read" | "qr:admin")[]) => {
      const token = await elsewhere.issuer.issue(["tenant_a"], scopes);
      const reply = await fetch(`${elsewhere.baseUrl}/metrics/summary`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return reply.status;
    };
    expect(await summary(["qr:read"])).toBe(403);
    expect(await summary(["qr:admin"])).toBe(200);
  });
});
