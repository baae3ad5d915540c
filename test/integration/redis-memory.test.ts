import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { codeCache } from "../../data/redis/code-cache.ts";
import { CACHE_TTL, CacheKeys } from "../../data/redis/keys.ts";
import { type LinkCache, linkCache, MAX_UNKNOWN_LINKS } from "../../data/redis/link-cache.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { lacks } from "../support/requirements.ts";
import { capturedScan } from "../support/scan-events.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";

const withoutServer = await lacks("redis-server");

/** The longest URL that a code takes. */
const LONG_URL = `https://example.com/${"x".repeat(2_028)}`;
const SHORT_URL = "https://example.com/menu";

const link = (url: string, fallback: string | null) => ({
  tenantId: "tenant_acme",
  target: url,
  opensAt: 0,
  closesAt: null,
  maxScans: null,
  fallback,
});

describe.skipIf(withoutServer)("the memory of a real Redis", () => {
  let server: RedisServer;
  let redis: RedisPort;
  let links: LinkCache;
  beforeAll(async () => {
    server = await startRedisServer();
    redis = respRedis(server.url, 5_000);
    links = linkCache(redis);
  });
  beforeEach(() => redis.command("FLUSHALL"));
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  const scanOf = (qrId: string) => capturedScan({ qrId });

  /** Scans an ID, and comes back from the database with what it found. */
  async function fill(qrId: string, found: Parameters<LinkCache["fillAndScan"]>[0]) {
    const miss = await links.scan("peek", scanOf(qrId));
    const fence = miss.result === "miss" ? miss.fence : expect.unreachable(miss.result);
    const filled = await links.fillAndScan(found, fence, "peek", scanOf(qrId));
    return "outcome" in filled ? filled.outcome : expect.unreachable("Redis failed");
  }

  /** Bytes of a key, its name and its part of the tables included. */
  const bytesOf = async (key: string) => Number(await redis.command("MEMORY", "USAGE", key, "SAMPLES", "0"));

  it.each([
    ["a short URL", SHORT_URL, null, 250],
    ["a URL of 2,048 characters", LONG_URL, null, 3_100],
    ["a target and a fallback of 2,048 characters", LONG_URL, LONG_URL, 5_700],
  ])("for a link with %s is what the docs say", async (_what, url, fallback, most) => {
    await fill("qr_1AbCdEfGhJkM", { link: link(url, fallback), scans: 0 });
    const bytes = await bytesOf(CacheKeys.link("qr_1AbCdEfGhJkM"));
    expect(bytes).toBeLessThanOrEqual(most);
  });

  it.each([
    ["a short URL", SHORT_URL, null, 420],
    ["a URL of 2,048 characters", LONG_URL, null, 2_700],
    ["a target and a fallback of 2,048 characters", LONG_URL, LONG_URL, 5_300],
  ])("for a cached code with %s is what the docs say", async (_what, targetUrl, fallbackUrl, most) => {
    const code: StoredCode = { ...PLAIN_CODE, targetUrl, fallbackUrl };
    const key = CacheKeys.code("tenant_acme", "qr_1AbCdEfGhJkM");
    await codeCache(redis).setCache(key, code, CACHE_TTL.code);
    const bytes = await bytesOf(key);
    expect(bytes).toBeLessThanOrEqual(most);
  });

  it("for an unknown ID, with its fence, is what the docs say", async () => {
    await fill("qr_1AbCdEfGhJkM", null);
    const key = CacheKeys.link("qr_1AbCdEfGhJkM");
    const [entry, fence] = [await bytesOf(key), await bytesOf(CacheKeys.fence(key))];
    expect(entry + fence).toBeLessThanOrEqual(330);
  });

  describe("under enumeration", () => {
    const unknown = { state: "unknown", url: null };
    const keys = async () => Number(await redis.command("DBSIZE"));

    it("holds so many unknown IDs of a minute, and of those beyond them nothing", async () => {
      for (let n = 0; n < MAX_UNKNOWN_LINKS + 2_000; n += 500)
        await Promise.all(
          Array.from({ length: 500 }, async (_, k) =>
            expect(await fill(`made-up-${n + k}`, null)).toEqual(unknown),
          ),
        );
      // Each has an entry and a fence; the last key counts them.
      expect(await keys()).toBe(2 * MAX_UNKNOWN_LINKS + 1);
    });

    it("counts by the minute, from its first unknown ID, for all processes together", async () => {
      await fill("made-up-1", null);
      expect(await redis.command("GET", CacheKeys.unknownLinks)).toBe("1");
      const left = Number(await redis.command("PTTL", CacheKeys.unknownLinks));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
      await linkCache(redis).scan("peek", scanOf("made-up-1"));
      await fill("made-up-2", null);
      expect(await redis.command("GET", CacheKeys.unknownLinks)).toBe("2");
    });

    it("stores codes that exist as ever, and counts none of them", async () => {
      await redis.command("SET", CacheKeys.unknownLinks, String(MAX_UNKNOWN_LINKS), "EX", "60");
      await fill("qr_1", { link: link(SHORT_URL, null), scans: 0 });
      expect(await links.scan("scan", scanOf("qr_1"))).toMatchObject({ result: "hit", state: "open" });
      expect(await redis.command("GET", CacheKeys.unknownLinks)).toBe(String(MAX_UNKNOWN_LINKS));
    });

    it("forgets an unknown ID beyond the bound, so that a code made under it is found at once", async () => {
      await redis.command("SET", CacheKeys.unknownLinks, String(MAX_UNKNOWN_LINKS), "EX", "60");
      expect(await fill("made-up", null)).toEqual(unknown);
      expect(await keys()).toBe(1);
      const found = { link: link(SHORT_URL, null), scans: 0 };
      expect(await fill("made-up", found)).toMatchObject({ state: "open", url: SHORT_URL });
    });

    it("never stores what was read before the code was made, on either side of the bound", async () => {
      for (const stored of [0, MAX_UNKNOWN_LINKS]) {
        const qrId = `made-up-${stored}`;
        await redis.command("SET", CacheKeys.unknownLinks, String(stored), "EX", "60");
        const miss = await links.scan("peek", scanOf(qrId));
        const fence = miss.result === "miss" ? miss.fence : expect.unreachable(miss.result);
        await codeCache(redis).forget(
          { mark: "1", tenantId: "tenant_acme", qrId, deleted: false },
          Date.now(),
        );
        await links.fillAndScan(null, fence, "peek", scanOf(qrId));
        expect(await redis.command("EXISTS", CacheKeys.link(qrId))).toBe(0);
      }
    });

    it("starts anew where something else stands in the place of the count", async () => {
      await redis.command("RPUSH", CacheKeys.unknownLinks, "no number");
      expect(await fill("made-up", null)).toEqual(unknown);
      expect(await redis.command("GET", CacheKeys.unknownLinks)).toBe("1");
    });
  });
});
