import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type MemoryRedis,
  type MemoryRedisOptions,
  memoryRedis,
} from "../../bin/local/memory-redis/index.ts";
import type { Reply } from "../../data/redis/port.ts";
import { inTurn } from "../support/in-turn.ts";
import { luaScript } from "../support/lua-script.ts";

const opened: MemoryRedis[] = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((redis) => redis.close()));
});

function open(options?: MemoryRedisOptions): MemoryRedis {
  const redis = memoryRedis(options);
  opened.push(redis);
  return redis;
}

/** A stand-in whose clock stands at 1,000,000 ms until it is moved. */
function withClock() {
  const clock = { ms: 1_000_000 };
  return { clock, redis: open({ now: () => clock.ms }) };
}

const run = (redis: MemoryRedis, source: string, keys: string[] = [], args: string[] = []) =>
  redis.script(luaScript("test", source), keys, args);

describe("expiry", () => {
  test("a key is there up to its last millisecond", async () => {
    const { clock, redis } = withClock();
    await redis.command("SET", "k", "v", "EX", "10");
    clock.ms += 10_000;
    expect(await redis.command("GET", "k")).toBe("v");
    clock.ms += 1;
    expect(await redis.command("GET", "k")).toBeNull();
    expect(await redis.command("TTL", "k")).toBe(-2);
    expect(await redis.command("SET", "k", "again", "NX")).toBe("OK");
    expect(await redis.command("PTTL", "k")).toBe(-1);
  });

  test("a write keeps the expiry, SET without KEEPTTL ends it", async () => {
    const { clock, redis } = withClock();
    await inTurn(redis, [
      ["INCR", "k"],
      ["EXPIRE", "k", "10"],
      ["INCR", "k"],
    ]);
    clock.ms += 2_400;
    expect(await redis.command("PTTL", "k")).toBe(7_600);
    expect(await redis.command("TTL", "k")).toBe(8);
    await redis.command("SET", "k", "1", "KEEPTTL");
    expect(await redis.command("PTTL", "k")).toBe(7_600);
    await redis.command("SET", "k", "1");
    expect(await redis.command("PTTL", "k")).toBe(-1);
  });

  test("a sweep frees what nobody asks for", async () => {
    const { clock, redis } = withClock();
    await inTurn(redis, [
      ["SET", "a", "1", "PX", "5"],
      ["SET", "b", "1", "PX", "50"],
      ["SET", "c", "1"],
    ]);
    clock.ms += 10;
    expect(redis.sweep()).toBe(2);
    clock.ms += 100;
    expect(redis.sweep()).toBe(1);
  });

  test("a script sees one moment from start to end", async () => {
    let ms = 1_000_000;
    const redis = open({ now: () => ms++ });
    const times =
      "return {redis.call('TIME')[2], redis.call('TIME')[2], redis.call('XADD', KEYS[1], '*', 'f', 'v')}";
    const [first, second, id] = (await run(redis, times, ["s"])) as string[];
    expect(second).toBe(first);
    expect(id).toBe(`${1_000_000 + Number(first) / 1_000}-0`);
  });
});

test("stream IDs grow, though the clock stands still or runs backwards and entries are deleted", async () => {
  const { clock, redis } = withClock();
  const add = () => redis.command("XADD", "s", "*", "f", "v");
  expect(await add()).toBe("1000000-0");
  expect(await add()).toBe("1000000-1");
  clock.ms -= 500;
  expect(await add()).toBe("1000000-2");
  expect(await redis.command("XTRIM", "s", "MAXLEN", "0")).toBe(3);
  expect(await redis.command("EXISTS", "s")).toBe(1);
  expect(await add()).toBe("1000000-3");
  clock.ms += 1_000;
  expect(await add()).toBe("1000500-0");
  expect(await redis.command("XRANGE", "s", "(1000000-3", "+")).toEqual([["1000500-0", ["f", "v"]]]);
  expect(await redis.command("XRANGE", "s", "1000000", "1000000")).toHaveLength(1);
  expect(await redis.command("XTRIM", "s", "MINID", "~", "1000500")).toBe(1);
});

test("a scan returns every key that was there all the time, whatever else is added or deleted", async () => {
  const redis = open();
  const stay = Array.from({ length: 100 }, (_, i) => `stay:${i}`);
  for (const [i, key] of stay.entries())
    await inTurn(redis, [
      ["SET", key, "1"],
      ["SET", `go:${i}`, "1"],
    ]);
  const seen = new Set<string>();
  let cursor = "0";
  do {
    const reply = (await redis.command("SCAN", cursor, "MATCH", "stay:*", "COUNT", "7")) as [
      string,
      string[],
    ];
    for (const key of reply[1]) seen.add(key);
    cursor = reply[0];
    await inTurn(redis, [
      ["DEL", `go:${seen.size}`, `go:${seen.size + 1}`],
      ["SET", `new:${seen.size}`, "1"],
    ]);
    await redis.command("SET", "stay:50", "changed");
  } while (cursor !== "0");
  expect([...seen].sort()).toEqual(stay.sort());
});

describe("scripts", () => {
  test.each<[string, Reply]>([
    [
      "return {1, 2.9, -2.9, true, false, 'x', {'nested'}, nil, 'unseen'}",
      [1, 2, -2, 1, null, "x", ["nested"]],
    ],
    ["return redis.call('GET', 'none') == false", 1],
    ["return redis.call('SET', 'k', 1.5)", "OK"],
    ["return {redis.call('SET', 'k', 5).ok, redis.call('GET', 'k')}", ["OK", "5"]],
    [
      "return {tostring(10 / 2), 1700000000 * 1000 .. '', string.format('%d', 1700000000123)}",
      ["5", "1700000000000", "1700000000123"],
    ],
    ["local n = 0 for _, v in ipairs({1, 2, 3}) do n = n + v end return n", 6],
    ["return redis.pcall('NOSUCH').err", "ERR unknown command"],
  ])("%s", async (source, expected) => {
    expect(await run(open(), source)).toEqual(expected);
  });

  test("strings pass as bytes, both ways", async () => {
    const text = "é 😀 \0 ü";
    const source =
      "redis.call('HSET', KEYS[1], ARGV[1], ARGV[1]) return {#ARGV[1], redis.call('HGETALL', KEYS[1])}";
    const redis = open();
    expect(await run(redis, source, [text], [text])).toEqual([Buffer.byteLength(text), [text, text]]);
    expect(await redis.command("HGET", text, text)).toBe(text);
    expect(await run(redis, "return string.sub(ARGV[1], 1, 1) .. string.sub(ARGV[1], 2)", [], [text])).toBe(
      text,
    );
  });

  test.each([
    ["a reply without end", "local t = {} t[1] = t return t"],
    ["an error in a nested reply", "return {1, {err = 'BAD x'}}"],
  ])("%s is an error, and the next script runs", async (_, source) => {
    const redis = open();
    await expect(run(redis, source)).rejects.toMatchObject({ reason: "refused" });
    expect(await run(redis, "return {1, 2}")).toEqual([1, 2]);
  });

  test("what was written before an error stays", async () => {
    const redis = open();
    const failing = run(redis, "redis.call('SET', KEYS[1], '1') redis.call('HGET', KEYS[1], 'f')", ["k"]);
    await expect(failing).rejects.toMatchObject({ reason: "refused", message: "redis refused: WRONGTYPE" });
    expect(await redis.command("GET", "k")).toBe("1");
  });

  test("are known by their SHA-1 once they are loaded", async () => {
    const redis = open();
    const { sha1, source } = luaScript("test", "return ARGV[1]");
    await expect(redis.command("EVALSHA", sha1, "0", "x")).rejects.toThrow("NOSCRIPT");
    expect(await redis.command("SCRIPT", "LOAD", source)).toBe(sha1);
    expect(await redis.command("EVALSHA", sha1.toUpperCase(), "0", "x")).toBe("x");
    expect(await redis.command("SCRIPT", "EXISTS", sha1, "0".repeat(40))).toEqual([1, 0]);
  });
});

test("a failure names its code and holds no key or value", async () => {
  const redis = open();
  await redis.command("SET", "secret-key", "secret-value");
  const failures = [
    redis.command("HGET", "secret-key", "secret-field"),
    redis.command("INCR", "secret-key"),
    redis.command("secret-command", "secret-value"),
    redis.command("SET", "secret-key", "secret-value", "secret-option"),
    run(redis, "error(ARGV[1])", [], ["secret-value"]),
    run(redis, "return redis.error_reply('DENIED ' .. ARGV[1])", [], ["secret-value"]),
    run(redis, "secret("),
  ];
  const results = await Promise.allSettled(failures);
  const messages = results.map((result) =>
    result.status === "rejected" ? result.reason.message : "fulfilled",
  );
  const codes = ["WRONGTYPE", "ERR", "ERR", "ERR", "ERR", "DENIED", "ERR"];
  expect(messages).toEqual(codes.map((code) => `redis refused: ${code}`));
});

describe("the snapshot", () => {
  async function inFolder(use: (file: string, folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), "memory-redis-"));
    try {
      await use(join(folder, "data", "redis.json"), join(folder, "data"));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test("brings every type and expiry back, and stream IDs go on growing", () =>
    inFolder(async (snapshotFile, folder) => {
      let ms = 1_000_000;
      const now = () => ms;
      const first = open({ snapshotFile, now });
      await inTurn(first, [
        ["SET", "string é", "😀", "PX", "5000"],
        ["SET", "short", "1", "PX", "10"],
        ["HSET", "hash", "b", "1", "a", "2"],
        ["XADD", "stream", "*", "f", "v"],
        ["XADD", "stream", "*", "f", "w"],
        ["XDEL", "stream", "1000000-1"],
      ]);
      await first.close();
      await first.close();
      expect(await readdir(folder)).toEqual(["redis.json"]);

      ms += 11;
      const second = open({ snapshotFile, now: () => ms });
      expect(await second.command("GET", "string é")).toBe("😀");
      expect(await second.command("PTTL", "string é")).toBe(4_989);
      expect(await second.command("EXISTS", "short")).toBe(0);
      expect(await second.command("HGETALL", "hash")).toEqual(["b", "1", "a", "2"]);
      ms -= 11;
      expect(await second.command("XADD", "stream", "*", "f", "x")).toBe("1000000-2");
    }));

  test("is written a few seconds after a change, without a close", () =>
    inFolder(async (snapshotFile) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const redis = open({ snapshotFile });
      await redis.command("GET", "k");
      expect(vi.getTimerCount()).toBe(0);
      await run(redis, "redis.call('SET', KEYS[1], '1')", ["k"]);
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(5_000);
      vi.useRealTimers();
      await vi.waitFor(() => expect(existsSync(snapshotFile)).toBe(true));
      expect(await open({ snapshotFile }).command("GET", "k")).toBe("1");
    }));

  test("of another version is refused, not overwritten", () =>
    inFolder(async (_file, folder) => {
      const snapshotFile = `${folder}.json`;
      await writeFile(snapshotFile, '{"version": 0}');
      expect(() => open({ snapshotFile })).toThrow("delete it to start empty");
    }));
});

test("nothing answers after close", async () => {
  const redis = open();
  await redis.close();
  await expect(redis.command("PING")).rejects.toMatchObject({ reason: "down" });
});
