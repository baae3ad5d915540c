import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { type Link, linkState } from "../../core/link/link.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { type LinkCache, linkCache, type ScanMode } from "../../data/redis/link-cache.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { capturedScan } from "../support/scan-events.ts";

let server: RedisServer | undefined;
let redis: RedisPort;
let links: LinkCache;
beforeAll(async () => {
  server = findRedisServer() ? await startRedisServer() : undefined;
  redis = server ? respRedis(server.url, 5_000) : memoryRedis();
  links = linkCache(redis);
});
afterAll(async () => {
  await redis.close();
  await server?.stop();
});

/** The first and the last instant that a code's window may name, and one of today. */
const instant = fc
  .tuple(
    fc.constantFrom(Date.UTC(2000, 0), Date.UTC(2030, 0), Date.UTC(9999, 11, 31, 23, 59, 59, 990)),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([era, offset]) => era + offset);

const link: fc.Arbitrary<Link> = fc.record({
  tenantId: fc.constant("tenant_a"),
  target: fc.constantFrom("https://example.com/", "https://example.com/0?a=%20"),
  opensAt: fc.oneof(fc.constant(0), instant),
  closesAt: fc.oneof(fc.constant(null), fc.constant(0), instant),
  maxScans: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 4 }), fc.constant(2_147_483_647)),
  fallback: fc.constantFrom(null, "https://example.com/fallback"),
});

const scans = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(2_147_483_646, 2_147_483_647));
const mode = fc.constantFrom<ScanMode[]>("scan", "bot", "peek");

describe("the scan script", () => {
  it("decides as linkState does, for a link from the database and for a cached one", async () => {
    let run = 0;
    const states = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        link,
        instant,
        instant,
        scans,
        mode,
        mode,
        async (code, filledAt, now, count, first, second) => {
          const qrId = `qr_${++run}`;
          const at = (occurredAt: number) => capturedScan({ eventId: qrId, qrId, occurredAt });
          const expected = (when: number, soFar: number) => {
            const state = linkState(code, when, soFar);
            states.add(state);
            return { state, url: state === "open" ? code.target : code.fallback };
          };
          await redis.command("SET", CacheKeys.scanCount(qrId), String(count));
          const miss = await links.scan("peek", at(filledAt));
          const fence = miss.result === "miss" ? miss.fence : expect.unreachable();

          const filled = expected(filledAt, count);
          expect(await links.fillAndScan({ link: code, scans: 0 }, fence, first, at(filledAt))).toEqual({
            result: "filled",
            outcome: filled,
          });
          const counted = count + (first === "scan" && filled.state === "open" ? 1 : 0);
          const cached = expected(now, counted);
          expect(await links.scan(second, at(now))).toMatchObject({ result: "hit", ...cached });
          const total = counted + (second === "scan" && cached.state === "open" ? 1 : 0);
          expect(await redis.command("GET", CacheKeys.scanCount(qrId))).toBe(String(total));
        },
      ),
      { numRuns: 300 },
    );
    expect([...states].sort()).toEqual(["closed", "early", "open"]);
  });
});
