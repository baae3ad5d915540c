import { beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { codeCache } from "../../data/redis/code-cache.ts";
import { invalidate, openFences } from "../../data/redis/fence.ts";
import { raiseCounters } from "../../data/redis/heal-counters.ts";
import { CACHE_TTL, CacheKeys } from "../../data/redis/keys.ts";
import { linkCache } from "../../data/redis/link-cache.ts";
import { type LuaScript, RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { capturedScan } from "../support/scan-events.ts";

describe("counters are raised behind fences,", () => {
  let redis: RedisPort;
  const keys = [CacheKeys.link("a"), CacheKeys.link("b")];

  beforeEach(() => {
    redis = memoryRedis();
  });

  it("each of which is opened for a minute with its own or the standing token", async () => {
    await redis.command("SET", CacheKeys.fence(keys[1] ?? ""), "standing");
    const guards = (await openFences(redis, keys)) ?? [];
    expect(guards).toEqual([
      { key: keys[0], token: expect.stringMatching(/^[\da-f-]{36}$/) },
      { key: keys[1], token: "standing" },
    ]);
    expect(await redis.command("GET", CacheKeys.fence(keys[0] ?? ""))).toBe(guards[0]?.token);
    expect(Number(await redis.command("TTL", CacheKeys.fence(keys[0] ?? "")))).toBeGreaterThan(50);
    expect(Number(await redis.command("TTL", CacheKeys.fence(keys[0] ?? "")))).toBeLessThanOrEqual(60);
  });

  it("to the total and the day of each code, of which only the day expires", async () => {
    const [a, b] = (await openFences(redis, keys)) ?? [];
    if (!a || !b) return expect.unreachable("a fence was not opened");
    await raiseCounters(redis, [
      { qrId: "a", day: null, scans: 7, guard: a },
      { qrId: "a", day: "2030-01-31", scans: 3, guard: a },
      { qrId: "b", day: null, scans: 9, guard: b },
    ]);
    const counters = ["a", "a:2030-01-31", "b"].map((name) => `qr-service:scan-count:${name}`);
    expect(await redis.command("MGET", ...counters)).toEqual(["7", "3", "9"]);
    expect(await redis.command("TTL", counters[0] ?? "")).toBe(-1);
    expect(Number(await redis.command("TTL", counters[1] ?? ""))).toBeGreaterThan(CACHE_TTL.dailyCount - 10);
  });

  it("and left alone where the fence was moved meanwhile", async () => {
    const [a, b] = (await openFences(redis, keys)) ?? [];
    if (!a || !b) return expect.unreachable("a fence was not opened");
    await invalidate(redis, [a.key], [], "writer");
    await raiseCounters(redis, [
      { qrId: "a", day: null, scans: 7, guard: a },
      { qrId: "b", day: null, scans: 9, guard: b },
    ]);
    expect(await redis.command("MGET", CacheKeys.scanCount("a"), CacheKeys.scanCount("b"))).toEqual([
      null,
      "9",
    ]);
  });
});

describe("a pattern", () => {
  it.each([
    ["k*", ["k1", "k2", "kk"]],
    ["k?", ["k1", "k2", "kk"]],
    ["k[12]", ["k1", "k2"]],
    ["k1", ["k1"]],
    ["none*", []],
  ])("%s deletes what it matches and tells how many", async (pattern, gone) => {
    const redis = memoryRedis();
    const keys = ["k1", "k2", "kk", "other"];
    for (const key of keys) await redis.command("SET", key, "1");
    expect(await codeCache(redis).deleteCache(pattern)).toBe(gone.length);
    const left = await redis.command("MGET", ...keys);
    expect(left).toEqual(keys.map((key) => (gone.includes(key) ? null : "1")));
  });
});

describe("a key", () => {
  it("without a pattern is deleted by one command", async () => {
    const sent: string[] = [];
    const memory = memoryRedis();
    const command: RedisPort["command"] = (name, ...args) => {
      sent.push(name);
      return memory.command(name, ...args);
    };
    expect(await codeCache({ ...memory, command }).deleteCache("qr-service:qr-codes:tenant_a")).toBe(0);
    expect(sent).toEqual(["UNLINK"]);
  });
});

describe("a scan", () => {
  it.each([
    ["scan", true],
    ["bot", true],
    ["peek", false],
  ] as const)("as a %s sends its event: %j", async (mode, sends) => {
    const scan = capturedScan();
    const events: (string | undefined)[] = [];
    const script = async (_script: LuaScript, _keys: string[], [, , event]: string[]) => {
      events.push(event);
      return ["open", "https://example.com/", ""];
    };
    await linkCache({ ...memoryRedis(), script }).scan(mode, scan);
    expect(events).toEqual([sends ? JSON.stringify(scan) : ""]);
  });
});

describe("a change", () => {
  const NOON = Date.UTC(2030, 0, 31, 12);
  const guarded = ["qr-codes:tenant_a", "qr:tenant_a:qr_1", "link:qr_1"];
  const counters = ["scan-count:qr_1", "scan-count:qr_1:2030-01-31", "scan-count:qr_1:2030-01-30"];

  it.each([
    [false, []],
    [true, counters],
  ])("(deleted: %j) forgets what readers fill, and of counters these", async (deleted, forgotten) => {
    const touched: string[][] = [];
    const script = async (_script: LuaScript, keys: string[]) => {
      touched.push(keys);
      return 1;
    };
    const redis: RedisPort = { ...memoryRedis(), script };
    expect(
      await codeCache(redis).forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted }, NOON),
    ).toBe(true);
    const guards = ["fence", "mark"].flatMap((kind) => guarded.map((key) => `${kind}:${key}`));
    const expected = [...guarded, ...guards, ...forgotten].map((key) => `qr-service:${key}`);
    expect(touched).toEqual([expected]);
  });

  it("is told by a Redis past the breaker where there is one", async () => {
    const down: RedisPort = {
      ...memoryRedis(),
      script: () => Promise.reject(new RedisFailure("open", "test")),
    };
    const change = { mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: false };
    expect(await codeCache(down, memoryRedis()).forget(change, NOON)).toBe(true);
    expect(await codeCache(down).forget(change, NOON)).toBe(false);
    expect(await codeCache(down, memoryRedis()).close(change)).toEqual({ result: "closed" });
    expect(await codeCache(down).close(change)).toEqual({ result: "open" });
  });
});
