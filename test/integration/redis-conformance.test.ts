import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { startRedisServer } from "../../bin/local/redis-server.ts";
import type { StoredCode } from "../../core/code/qr-code.ts";
import { textOfCode, textOfCodes } from "../../core/code/reply-text.ts";
import type { Link } from "../../core/link/link.ts";
import { type CodeCache, codeCache } from "../../data/redis/code-cache.ts";
import { fencedSet, invalidate, openFence } from "../../data/redis/fence.ts";
import { raiseCounters } from "../../data/redis/heal-counters.ts";
import { CACHE_TTL, CacheKeys } from "../../data/redis/keys.ts";
import { type LinkCache, linkCache, type ScanMode } from "../../data/redis/link-cache.ts";
import { RedisFailure, type RedisPort, type Reply } from "../../data/redis/port.ts";
import { codeEntry, listEntry, parseCodeEntry, parseListEntry } from "../../data/redis/reply-entry.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { inTurn } from "../support/in-turn.ts";
import { luaScript } from "../support/lua-script.ts";
import { lacks } from "../support/requirements.ts";
import { capturedScan } from "../support/scan-events.ts";
import { PLAIN_CODE } from "../support/stored-code.ts";
import { startUpstashServer } from "../support/upstash-server.ts";

interface Implementation {
  redis: RedisPort;
  /** Loses all scripts, and all data where there is a server apart from the client. */
  restart(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Bound on each call, in milliseconds: far above what a busy machine takes. */
const TIMEOUT_MS = 5_000;

const withoutServer = await lacks("redis-server");

const implementations = [
  {
    name: "RESP, against a real server",
    lacking: withoutServer,
    async start(): Promise<Implementation> {
      const server = await startRedisServer();
      const redis = respRedis(server.url, TIMEOUT_MS);
      return { redis, restart: () => server.restart(), stop: () => server.stop() };
    },
  },
  {
    name: "Upstash's REST protocol, in front of a real server",
    lacking: withoutServer,
    async start(): Promise<Implementation> {
      const server = await startRedisServer();
      const rest = await startUpstashServer(server.url);
      const redis = upstashRedis(rest.url, rest.token, TIMEOUT_MS);
      const stop = async () => {
        await rest.stop();
        await server.stop();
      };
      return { redis, restart: () => server.restart(), stop };
    },
  },
  {
    name: "the stand-in within the process",
    lacking: false,
    async start(): Promise<Implementation> {
      const redis = memoryRedis();
      return { redis, restart: () => redis.command("SCRIPT", "FLUSH"), stop: () => Promise.resolve() };
    },
  },
];

/** 2030-01-31T12:00:00Z */
const NOON = Date.UTC(2030, 0, 31, 12);

const CHANGE = { mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: false };
const OTHER = { mark: "2", tenantId: "tenant_a", qrId: "qr_2", deleted: false };

const code: StoredCode = {
  ...PLAIN_CODE,
  targetUrl: "https://example.com/ü",
  name: 'Menu "007" 🎈',
  tags: ["1e3", "true"],
};

const reply = textOfCode(code);

const link: Link = {
  tenantId: "tenant_a",
  target: "https://example.com/%C3%BC",
  opensAt: 0,
  closesAt: null,
  maxScans: null,
  fallback: null,
};

for (const { name: title, lacking, start } of implementations) {
  describe.skipIf(lacking)(title, () => {
    let implementation: Implementation;
    /** The port under test, which notes the name of each command that it is given. */
    let redis: RedisPort;
    let sent: string[] = [];
    let cache: CodeCache;
    let links: LinkCache;

    beforeAll(async () => {
      implementation = await start();
      redis = noting(implementation.redis, (name) => sent.push(name));
      cache = codeCache(redis);
      links = linkCache(redis);
    });
    beforeEach(async () => {
      await redis.command("FLUSHALL");
      sent = [];
    });
    afterAll(async () => {
      await implementation.redis.close();
      await implementation.stop();
    });

    const run = (name: string, ...args: string[]) => redis.command(name, ...args);

    /** But for leases, which may expire as soon as one looks. */
    async function allKeys(): Promise<string[]> {
      const found: string[] = [];
      let cursor = "0";
      do {
        const [next, keys] = (await run("SCAN", cursor, "COUNT", "1000")) as [string, string[]];
        found.push(...keys);
        cursor = next;
      } while (cursor !== "0");
      return found.filter((key) => !key.startsWith("qr-service:fence:lease:")).sort();
    }

    /** Set to exactly so many seconds a moment ago; -1 stands for no expiry. */
    async function expectLifetime(key: string, seconds: number): Promise<void> {
      const left = Number(await run("PTTL", key));
      if (seconds === -1) return expect(left).toBe(-1);
      expect(left).toBeLessThanOrEqual(seconds * 1_000);
      expect(left).toBeGreaterThan((seconds - 5) * 1_000);
    }

    async function failureOf(work: Promise<unknown>): Promise<RedisFailure> {
      const error = await work.then(
        () => expect.unreachable("it did not fail"),
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(RedisFailure);
      return error as RedisFailure;
    }

    describe("the port", () => {
      const VALUES = ["42", "007", "1e3", "-0", "1.50", "12345678901234567890", "true", "null", "{}", "[1]"];
      VALUES.push('"quoted"', "OK", "", " ", "\n", "grüße 🎈 \u0000", "x".repeat(100_000));

      it.each(VALUES.map((value) => [value.length > 40 ? "100 kB" : JSON.stringify(value), value]))(
        "brings the string %s back as it was, wherever it stands in a reply",
        async (_shown, value) => {
          expect(await run("SET", "text", value)).toBe("OK");
          expect(await run("GET", "text")).toBe(value);
          expect(await run("MGET", "text", "absent", "text")).toEqual([value, null, value]);
          await run("HSET", "hash", "field", value);
          expect(await run("HGETALL", "hash")).toEqual(["field", value]);
          expect(await redis.script(luaScript("echo", "return {ARGV[1], {ARGV[1]}}"), [], [value])).toEqual([
            value,
            [value],
          ]);
        },
      );

      it("takes a key of any characters", async () => {
        for (const key of ["a:b:c", "grüße 🎈", "with space\n"]) {
          await run("SET", key, key);
          expect(await run("GET", key)).toBe(key);
        }
      });

      it("replies with numbers, strings, null and lists as Redis has them", async () => {
        expect(await run("GET", "absent")).toBe(null);
        expect(await run("INCR", "counter")).toBe(1);
        expect(await run("GET", "counter")).toBe("1");
        expect(await run("HGETALL", "absent")).toEqual([]);
        expect(await run("SET", "counter", "2", "NX")).toBe(null);
        expect(await run("EXISTS", "counter")).toBe(1);
      });

      it("runs every command that is sent at the same time once", async () => {
        const replies = await Promise.all(Array.from({ length: 200 }, () => run("INCR", "counter")));
        expect(new Set(replies).size).toBe(200);
        expect(await run("GET", "counter")).toBe("200");
      });

      it.each<[string, string, (port: RedisPort) => Promise<unknown>]>([
        ["of a wrong type", "WRONGTYPE", (port) => port.command("INCR", "SECRET-hash")],
        ["about a value", "ERR", (port) => port.command("INCR", "SECRET-text")],
        [
          "about an option",
          "ERR",
          (port) => port.command("SET", "SECRET-k", "SECRET-v", "EX", "SECRET-time"),
        ],
        ["about an unknown command", "ERR", (port) => port.command("NOSUCH", "SECRET-key", "SECRET-value")],
        ["about the number of arguments", "ERR", (port) => port.command("GET", "SECRET-a", "SECRET-b")],
        [
          "that a script passes on",
          "WRONGTYPE",
          (port) =>
            port.script(luaScript("bad", "return redis.call('INCR', KEYS[1])"), ["SECRET-hash"], ["SECRET"]),
        ],
        [
          "that a script raises",
          "ERR",
          (port) => port.script(luaScript("raise", "error(KEYS[1] .. ARGV[1])"), ["SECRET-key"], ["SECRET"]),
        ],
      ])("tells an error reply %s without keys or values", async (_kind, word, provoke) => {
        await run("HSET", "SECRET-hash", "SECRET-field", "SECRET-value");
        await run("SET", "SECRET-text", "SECRET-value");
        const failure = await failureOf(provoke(redis));
        expect(failure.reason).toBe("refused");
        expect(failure.message).toBe(`redis refused: ${word}`);
        expect(inspect(failure)).not.toMatch(/SECRET/i);
      });

      it("runs a script with its keys and arguments, known or not to the server", async () => {
        const text = `redis.call('SET', KEYS[1], ARGV[2]) return {KEYS[1], ARGV[1], #ARGV, ${Date.now()}, false}`;
        const script = luaScript("new", text);
        for (let round = 0; round < 3; round++) {
          const reply = (await redis.script(script, ["{k}"], ["007", "ä"])) as Reply[];
          expect(reply.slice(0, 3)).toEqual(["{k}", "007", 2]);
          expect(reply.at(-1)).toBe(null);
          expect(await run("GET", "{k}")).toBe("ä");
          if (round === 1) expect(await run("SCRIPT", "FLUSH")).toBe("OK");
        }
        expect(await run("SCRIPT", "EXISTS", script.sha1)).toEqual([1]);
      });

      it("runs each script once, also when the server does not know it", async () => {
        const script = luaScript("count", "return redis.call('INCR', KEYS[1])");
        await run("SCRIPT", "FLUSH");
        expect(await redis.script(script, ["n"], [])).toBe(1);
        expect(await redis.script(script, ["n"], [])).toBe(2);
        await run("SCRIPT", "FLUSH");
        expect(await redis.script(script, ["n"], [])).toBe(3);
      });

      it("runs a script on a server that was restarted", async () => {
        const script = luaScript("after restart", "return ARGV[1]");
        expect(await redis.script(script, [], ["before"])).toBe("before");
        await implementation.restart();
        await expect.poll(() => run("PING").catch(() => "away"), { timeout: 8_000 }).toBe("PONG");
        expect(await run("SCRIPT", "EXISTS", script.sha1)).toEqual([0]);
        expect(await redis.script(script, [], ["after"])).toBe("after");
      });

      it("can be closed more than once", async () => {
        const other = await start();
        await other.redis.command("PING");
        await other.redis.close();
        await expect(other.redis.close()).resolves.toBeUndefined();
        await other.stop();
      });
    });

    describe("a cache entry", () => {
      const KEY = CacheKeys.code("tenant_a", "qr_1");

      it("is a miss until it is set, and then a hit with the value that was set", async () => {
        expect(await cache.getCache(KEY)).toEqual({ result: "miss", fence: expect.stringMatching(/.{36}/) });
        expect(await cache.setCache(KEY, code, 100)).toBe(true);
        expect(await cache.getCache(KEY)).toEqual({ result: "hit", value: code });
      });

      it.each([["007"], [42], [""], [null], [false], [[]], [{}], ["{}"]])(
        "keeps the value %j",
        async (value) => {
          await cache.setCache(KEY, value, 100);
          expect(await cache.getCache(KEY)).toEqual({ result: "hit", value });
        },
      );

      it.each(["", "{", '{"qrId":', "undefined", "NaN", "\u0000"])(
        "is a miss if it is no JSON (%j)",
        async (garbage) => {
          await run("SET", KEY, garbage);
          expect(await cache.getCache(KEY)).toMatchObject({ result: "miss" });
        },
      );

      it.each([
        ["hash", ["HSET", KEY, "f", "1"]],
        ["stream", ["XADD", KEY, "*", "f", "1"]],
      ])("is a miss if the key holds a %s, which a fill replaces", async (_type, [name = "", ...args]) => {
        await run(name, ...args);
        const lookup = await cache.getCache(KEY);
        if (lookup.result !== "miss") return expect.unreachable(`it was a ${lookup.result}`);
        expect(await cache.fillCache(KEY, code, 100, lookup.fence)).toEqual({ result: "filled" });
        expect(await cache.getCache(KEY)).toEqual({ result: "hit", value: code });
      });

      it("is a miss if the caller declines it", async () => {
        const isText = (value: unknown): value is string => typeof value === "string";
        await cache.setCache(KEY, 7, 100);
        expect(await cache.getCache(KEY, isText)).toMatchObject({ result: "miss" });
        await cache.setCache(KEY, "7", 100);
        expect(await cache.getCache(KEY, isText)).toEqual({ result: "hit", value: "7" });
      });

      it("of a list is a hit with what was filled, and a miss if it holds anything else", async () => {
        const page = { ...textOfCodes([{ code }, { code: { ...code, maxScans: 7 } }]), nextCursor: "next" };
        const list = () => cache.getEntry(KEY, parseListEntry);
        await cache.setCache(KEY, { codes: [code], nextCursor: null }, 100);
        const lookup = await list();
        if (lookup.result !== "miss") return expect.unreachable(`it was a ${lookup.result}`);
        expect(await cache.fillEntry(KEY, listEntry(page), 100, lookup.fence)).toEqual({ result: "filled" });
        expect(await list()).toEqual({ result: "hit", value: page });
      });

      it("costs one command on a hit and two on a miss", async () => {
        await cache.getCache(KEY);
        expect(sent).toEqual(["MGET", "open-fences"]);
        await cache.setCache(KEY, code, 100);
        sent = [];
        await cache.getCache(KEY);
        expect(sent).toEqual(["MGET"]);
      });

      it.each([undefined, "fenced"])(
        "lives exactly as long as it was set to, whoever reads it (%s)",
        async (fenced) => {
          const fence = await openFence(redis, KEY, "reader");
          const set = async (ttl: number) =>
            fenced
              ? (await cache.fillCache(KEY, code, ttl, fence)).result === "filled"
              : cache.setCache(KEY, code, ttl);
          expect(await set(1_800)).toBe(true);
          await expectLifetime(KEY, 1_800);
          await run("EXPIRE", KEY, "100");
          await cache.getCache(KEY);
          await cache.readCode("tenant_a", "qr_1", "2030-01-31", parseCodeEntry);
          await expectLifetime(KEY, 100);
          expect(await set(300)).toBe(true);
          await expectLifetime(KEY, 300);
        },
      );
    });

    describe("deleteCache", () => {
      it("deletes the one key that it is given, and no other that it is part of", async () => {
        await inTurn(redis, [
          ["SET", "a", "1"],
          ["SET", "ab", "1"],
          ["SET", "a:b", "1"],
        ]);
        expect(await cache.deleteCache("a")).toBe(1);
        expect(await cache.deleteCache("a")).toBe(0);
        expect(await allKeys()).toEqual(["a:b", "ab"]);
      });

      it("deletes 5,000 keys by a pattern, by SCAN and never KEYS, and leaves all others alone", async () => {
        const ours = Array.from({ length: 5_000 }, (_, index) => CacheKeys.code("tenant_a", `qr_${index}`));
        const others = Array.from({ length: 500 }, (_, index) => CacheKeys.code("tenant_ab", `qr_${index}`));
        others.push(CacheKeys.list("tenant_a"), CacheKeys.scanCount("qr_1"), "qr-service:qr:tenant_a");
        const setAll = luaScript("set all", "for _, key in ipairs(KEYS) do redis.call('SET', key, '1') end");
        await redis.script(setAll, [...ours, ...others], []);
        sent = [];
        expect(await cache.deleteCache(CacheKeys.code("tenant_a", "*"))).toBe(5_000);
        expect([...new Set(sent)].sort()).toEqual(["SCAN", "UNLINK"]);
        expect(await allKeys()).toEqual(others.sort());
      });

      it.each([
        ["k?", ["k1", "k2"]],
        ["k[2-9]*", ["k2", "k23"]],
        ["*3", ["k23", "x3"]],
        ["nothing*", []],
      ])("knows the pattern %s", async (pattern, matching) => {
        const keys = ["k1", "k2", "k23", "x3"];
        await inTurn(
          redis,
          keys.map((key) => ["SET", key, "1"]),
        );
        expect(await cache.deleteCache(pattern)).toBe(matching.length);
        expect(await allKeys()).toEqual(keys.filter((key) => !matching.includes(key)));
      });
    });

    describe("a counter", () => {
      it("counts up from an absent key and is read as a number", async () => {
        expect(await cache.getCounter("n")).toEqual({ result: "hit", value: 0 });
        expect(await cache.incrementCounter("n")).toBe(1);
        expect(await cache.incrementCounter("n")).toBe(2);
        expect(await cache.getCounter("n")).toEqual({ result: "hit", value: 2 });
        await expectLifetime("n", -1);
      });

      it("lives from its first increment on, which no later one renews", async () => {
        expect(await cache.incrementCounter("n", 86_400)).toBe(1);
        await expectLifetime("n", 86_400);
        await run("EXPIRE", "n", "100");
        expect(await cache.incrementCounter("n", 86_400)).toBe(2);
        await cache.getCounter("n");
        await expectLifetime("n", 100);
      });

      it("never loses a concurrent increment", async () => {
        const counts = await Promise.all(Array.from({ length: 100 }, () => cache.incrementCounter("n")));
        expect(new Set(counts).size).toBe(100);
        expect(await cache.getCounter("n")).toEqual({ result: "hit", value: 100 });
      });

      it.each(["abc", "", "1.5", "NaN", "-"])(
        "that holds %j is no number and counts as 0",
        async (garbage) => {
          await run("SET", CacheKeys.scanCount("qr_1"), garbage);
          await run("SET", CacheKeys.dailyScanCount("qr_1", "2030-01-31"), garbage);
          expect(await cache.getCounter(CacheKeys.scanCount("qr_1"))).toEqual({ result: "hit", value: 0 });
          expect(await cache.readScans(["qr_1"])).toEqual([0]);
          expect(await cache.readCode("tenant_a", "qr_1", "2030-01-31", parseCodeEntry)).toMatchObject({
            counts: { scans: 0, today: 0 },
          });
        },
      );
    });

    describe("a helper", () => {
      it("says how Redis failed, and never throws", async () => {
        await inTurn(redis, [
          ["HSET", "hash", "f", "1"],
          ["HSET", CacheKeys.fence("qr-service:k"), "f", "1"],
        ]);
        expect(await cache.getCounter("hash")).toEqual({ result: "refused" });
        expect(await cache.incrementCounter("hash")).toBe(undefined);
        expect(await cache.fillCache("qr-service:k", 1, 100, "fence")).toEqual({ result: "failed" });
        expect(await cache.setCache("qr-service:k", 1, 0)).toBe(false);
      });
    });

    describe("a fence", () => {
      const KEY = CacheKeys.code("tenant_a", "qr_1");
      const FENCE = CacheKeys.fence(KEY);

      it("lets the reader fill who opened it, for as long as it stands", async () => {
        expect(await openFence(redis, KEY, "reader")).toBe("reader");
        await expectLifetime(FENCE, 60);
        expect(await fencedSet(redis, KEY, "value", 300, "reader")).toBe(true);
        expect(await run("GET", KEY)).toBe("value");
        await expectLifetime(KEY, 300);
      });

      it("is shared by two readers, who may both fill", async () => {
        expect(await openFence(redis, KEY, "first")).toBe("first");
        expect(await openFence(redis, KEY, "second")).toBe("first");
        expect(await fencedSet(redis, KEY, "one", 300, "first")).toBe(true);
        expect(await fencedSet(redis, KEY, "two", 300, "first")).toBe(true);
        expect(await fencedSet(redis, KEY, "three", 300, "second")).toBe(false);
        expect(await run("GET", KEY)).toBe("two");
      });

      it("refuses a fill that began before an invalidation, and takes one that began after it", async () => {
        const early = await openFence(redis, KEY, "early");
        await invalidate(redis, [KEY], [], "writer");
        expect(await fencedSet(redis, KEY, "old", 300, early)).toBe(false);
        expect(await run("GET", KEY)).toBe(null);
        const late = await openFence(redis, KEY, "late");
        expect(await fencedSet(redis, KEY, "new", 300, late)).toBe(true);
        expect(await fencedSet(redis, KEY, "old", 300, early)).toBe(false);
        expect(await run("GET", KEY)).toBe("new");
      });

      it.each([
        [
          "that expired",
          () => run("PEXPIRE", FENCE, "1").then(() => expect.poll(() => run("EXISTS", FENCE)).toBe(0)),
        ],
        ["that was evicted", () => run("DEL", FENCE)],
        ["of a server that lost its data", () => run("FLUSHALL")],
      ])("%s refuses a fill", async (_what, lose) => {
        const token = await openFence(redis, KEY, "reader");
        await lose();
        expect(await fencedSet(redis, KEY, "value", 300, token)).toBe(false);
        expect(await allKeys()).toEqual([]);
        await openFence(redis, KEY, "next");
        expect(await fencedSet(redis, KEY, "value", 300, token)).toBe(false);
      });

      it("of one key never opens another", async () => {
        const token = await openFence(redis, KEY, "reader");
        expect(await fencedSet(redis, CacheKeys.list("tenant_a"), "value", 300, token)).toBe(false);
      });

      it("is put up anew if its key holds something of another type", async () => {
        for (const open of [
          () => cache.getCache(KEY).then((lookup) => lookup.result === "miss" && lookup.fence),
          () => openFence(redis, KEY, "reader"),
        ]) {
          await run("DEL", FENCE);
          await run("HSET", FENCE, "f", "1");
          const token = await open();
          expect(await run("GET", FENCE)).toBe(token);
          expect(await fencedSet(redis, KEY, "value", 300, String(token))).toBe(true);
          await run("DEL", KEY);
        }
      });

      it("is moved and its key deleted in one command, with those of all other keys", async () => {
        const keys = [KEY, CacheKeys.list("tenant_a"), CacheKeys.link("qr_1")];
        await inTurn(
          redis,
          [...keys, "plain", "bystander"].map((key) => ["SET", key, "1"]),
        );
        for (const key of keys) await openFence(redis, key, "reader");
        sent = [];
        await invalidate(redis, keys, ["plain", "absent"], "mark", "writer");
        expect(sent).toEqual(["invalidate"]);
        expect(await allKeys()).toEqual(["bystander", ...keys.map(CacheKeys.fence)].sort());
        for (const key of keys) {
          expect(await run("GET", CacheKeys.fence(key))).toBe("writer");
          await expectLifetime(CacheKeys.fence(key), 60);
        }
      });

      it("never leaves an old value behind, however fills and an invalidation meet", async () => {
        for (let round = 0; round < 30; round++) {
          const token = await openFence(redis, KEY, `reader ${round}`);
          const fill = () => fencedSet(redis, KEY, "old", 300, token);
          await Promise.all([
            fill(),
            fill(),
            invalidate(redis, [KEY], [], `writer ${round}`),
            fill(),
            fill(),
          ]);
          expect(await run("GET", KEY)).toBe(null);
        }
      });
    });

    describe("a code", () => {
      const DAY = "2030-01-31";

      it("is read with its counters in one command, on a hit as on a miss", async () => {
        await inTurn(redis, [
          ["SET", CacheKeys.scanCount("qr_1"), "41"],
          ["SET", CacheKeys.dailyScanCount("qr_1", DAY), "7"],
          ["SET", CacheKeys.dailyScanCount("qr_1", "2030-01-30"), "9"],
        ]);
        const counts = { scans: 41, today: 7 };
        const miss = await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry);
        expect(miss).toEqual({ result: "miss", fence: expect.any(String), counts });
        const fence = miss.result === "miss" ? miss.fence : "";
        const filled = await cache.fillEntry(
          CacheKeys.code("tenant_a", "qr_1"),
          codeEntry(reply),
          1_800,
          fence,
        );
        expect(filled).toEqual({ result: "filled" });
        sent = [];
        expect(await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry)).toEqual({
          result: "hit",
          value: reply,
          counts,
        });
        expect(sent).toEqual(["MGET"]);
      });

      it("that was never scanned has counters of 0", async () => {
        expect(await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry)).toMatchObject({
          counts: { scans: 0, today: 0 },
        });
      });

      it("is not read for another tenant", async () => {
        await run("SET", CacheKeys.code("tenant_a", "qr_1"), codeEntry(reply));
        expect(await cache.readCode("tenant_b", "qr_1", DAY, parseCodeEntry)).toMatchObject({
          result: "miss",
        });
      });

      it.each(["{", "{}", "[]", "0", '"qr_1"', '{"qrId":"qr_1"}', JSON.stringify(code)])(
        "is a miss if the entry is %s",
        async (garbage) => {
          await run("SET", CacheKeys.code("tenant_a", "qr_1"), garbage);
          expect(await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry)).toMatchObject({
            result: "miss",
          });
        },
      );

      it("that is known not to exist is a hit without a value", async () => {
        await cache.setCache(CacheKeys.code("tenant_a", "qr_1"), null, 60);
        expect(await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry)).toMatchObject({
          result: "hit",
          value: null,
        });
      });

      it("has its scans read with those of many others in one command, in order", async () => {
        await inTurn(redis, [
          ["SET", CacheKeys.scanCount("qr_1"), "5"],
          ["SET", CacheKeys.scanCount("qr_3"), "007"],
          ["HSET", CacheKeys.scanCount("qr_4"), "f", "1"],
        ]);
        sent = [];
        expect(await cache.readScans(["qr_3", "qr_2", "qr_1", "qr_4", "qr_1"])).toEqual([7, 0, 5, 0, 5]);
        expect(sent).toEqual(["MGET"]);
        await redis.command("SET", CacheKeys.dailyScanCount("qr_3", "2030-01-01"), "2");
        sent = [];
        expect(await cache.readScans(["qr_3", "qr_1"], "2030-01-01")).toEqual([7, 5, 2, 0]);
        expect(sent).toEqual(["MGET"]);
        expect(await cache.readScans([])).toEqual([]);
        expect(sent).toEqual(["MGET"]);
      });

      async function scanned(): Promise<string[]> {
        const keys = [
          CacheKeys.list("tenant_a"),
          CacheKeys.code("tenant_a", "qr_1"),
          CacheKeys.link("qr_1"),
          CacheKeys.scanCount("qr_1"),
          CacheKeys.dailyScanCount("qr_1", DAY),
          CacheKeys.dailyScanCount("qr_1", "2030-01-30"),
        ];
        const others = [
          CacheKeys.list("tenant_b"),
          CacheKeys.code("tenant_a", "qr_11"),
          CacheKeys.code("tenant_b", "qr_1"),
          CacheKeys.link("qr_11"),
          CacheKeys.scanCount("qr_11"),
          CacheKeys.dailyScanCount("qr_11", DAY),
          CacheKeys.outbox,
        ];
        await inTurn(
          redis,
          [...keys, ...others].map((key) => ["SET", key, "1"]),
        );
        sent = [];
        return others;
      }
      const fences = [
        "qr-service:fence:qr-codes:tenant_a",
        "qr-service:fence:qr:tenant_a:qr_1",
        "qr-service:fence:link:qr_1",
      ];

      it("is forgotten after a change but for its counters, in one command", async () => {
        const others = await scanned();
        expect(
          await cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: false }, NOON),
        ).toBe(true);
        expect(sent).toEqual(["invalidate"]);
        const counters = [
          "qr-service:scan-count:qr_1",
          "qr-service:scan-count:qr_1:2030-01-31",
          "qr-service:scan-count:qr_1:2030-01-30",
        ];
        expect(await allKeys()).toEqual([...others, ...counters, ...fences].sort());
      });

      it("is forgotten with all its counters once it is deleted, in one command", async () => {
        const others = await scanned();
        expect(
          await cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: true }, NOON),
        ).toBe(true);
        expect(sent).toEqual(["invalidate"]);
        expect(await allKeys()).toEqual([...others, ...fences].sort());
      });

      it("that is forgotten refuses the fills of whoever read it before", async () => {
        const before = [
          await cache.getCache(CacheKeys.list("tenant_a")),
          await cache.readCode("tenant_a", "qr_1", DAY, parseCodeEntry),
        ].map((lookup) => (lookup.result === "miss" ? lookup.fence : ""));
        const [list = "", one = ""] = before;
        await cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: false }, NOON);
        const refused = { result: "refused" };
        expect(await cache.fillCache(CacheKeys.list("tenant_a"), [], 300, list)).toEqual(refused);
        expect(await cache.fillCache(CacheKeys.code("tenant_a", "qr_1"), code, 300, one)).toEqual(refused);
      });
    });

    describe("a change", () => {
      const keys = [CacheKeys.list("tenant_a"), CacheKeys.code("tenant_a", "qr_1"), CacheKeys.link("qr_1")];
      const [list = "", KEY = ""] = keys;
      const fill = async (key: string, fence: string) =>
        (await cache.fillCache(key, "value", 300, fence)).result;
      const open = (key: string) => openFence(redis, key, "reader");

      it("closes what shows the code in one command, for 10 s at most", async () => {
        for (const key of keys) await run("SET", key, "1");
        const before = await Promise.all(keys.map(open));
        sent = [];
        expect(await cache.close(CHANGE)).toEqual({ result: "closed" });
        expect(sent).toEqual(["close"]);
        expect(await allKeys()).toEqual(keys.map(CacheKeys.mark).sort());
        for (const key of keys) await expectLifetime(CacheKeys.mark(key), 10);
        expect(await Promise.all(keys.map((key, i) => fill(key, before[i] ?? "")))).toEqual(
          Array(3).fill("refused"),
        );
        await cache.forget(CHANGE, NOON);
        expect(await allKeys()).toEqual(keys.map(CacheKeys.fence).sort());
        expect(await fill(KEY, await open(KEY))).toBe("filled");
      });

      it("lets nobody fill while it is under way, nor after it who asked meanwhile; a closed fill costs no command", async () => {
        await cache.close(CHANGE);
        const miss = await cache.getCache(KEY);
        const fence = miss.result === "miss" ? miss.fence : "";
        sent = [];
        expect(await fill(KEY, fence)).toBe("refused");
        expect(sent).toEqual([]);
        expect(await fencedSet(redis, KEY, "value", 300, fence)).toBe(false);
        await cache.forget(CHANGE, NOON);
        expect(await fencedSet(redis, KEY, "value", 300, fence)).toBe(false);
        expect(await run("GET", KEY)).toBe(null);
      });

      it("of another code leaves the tenant's list closed until both are done, in whatever order", async () => {
        for (const [first, second] of [
          [CHANGE, OTHER],
          [OTHER, CHANGE],
        ] as const) {
          await cache.close(CHANGE);
          await cache.close(OTHER);
          await cache.forget(first, NOON);
          expect(await open(list)).toMatch(/^~/);
          expect(await open(first === CHANGE ? KEY : CacheKeys.code("tenant_a", "qr_2"))).not.toMatch(/^~/);
          await cache.forget(second, NOON);
          expect(await open(list)).not.toMatch(/^~/);
        }
      });

      it("whose writer died keeps the keys closed until its mark expires, and from then on they are as before", async () => {
        await cache.close(CHANGE);
        const meanwhile = await open(KEY);
        await run("HSET", CacheKeys.mark(KEY), "1", "1");
        // Still closed by another writer.
        await run("HSET", CacheKeys.mark(KEY), "2", String(Date.now() + 60_000));
        expect(await open(KEY)).toBe(meanwhile);
        expect(await run("HGETALL", CacheKeys.mark(KEY))).toEqual(["2", expect.any(String)]);
        await run("HSET", CacheKeys.mark(KEY), "2", "1");
        expect(await open(KEY)).toBe("reader");
        expect(await run("EXISTS", CacheKeys.mark(KEY))).toBe(0);
        expect(await fencedSet(redis, KEY, "old", 300, meanwhile)).toBe(false);
        expect(await fill(KEY, "reader")).toBe("filled");
      });

      it("is not hindered by a mark of another type", async () => {
        for (const key of keys) await run("SET", CacheKeys.mark(key), "x");
        expect(await open(KEY)).toBe("reader");
        expect(await cache.close(CHANGE)).toEqual({ result: "closed" });
        expect(await open(KEY)).toMatch(/^~/);
        await run("SET", CacheKeys.mark(KEY), "x");
        expect(await cache.forget(CHANGE, NOON)).toBe(true);
        expect(await open(KEY)).not.toMatch(/^~/);
      });
    });

    describe("a link", () => {
      const LINK = CacheKeys.link("qr_1");
      let events = 0;

      const captured = (occurredAt = NOON) =>
        capturedScan({ eventId: `event-${++events}`, occurredAt, userAgent: 'Phone "ü" 🎈' });
      const scan = (mode: ScanMode = "scan", now = NOON) => links.scan(mode, captured(now));
      const scans = () => run("GET", CacheKeys.scanCount("qr_1"));
      const outboxLength = () => run("XLEN", CacheKeys.outbox);

      async function missFence(now = NOON): Promise<string> {
        const miss = await scan("peek", now);
        return miss.result === "miss" ? miss.fence : expect.unreachable(`it was a ${miss.result}`);
      }

      /** Puts a link into the cache; `null` stands for an unknown ID. */
      async function fill(stored: Link | null, now = NOON, persisted = 0) {
        const found = stored && { link: stored, scans: persisted };
        return links.fillAndScan(found, await missFence(now), "peek", captured(now));
      }

      it("is a miss, then filled and scanned in one command, then a hit in one command", async () => {
        const fence = await missFence();
        sent = [];
        const hit = { result: "hit", state: "open", url: link.target, refresh: null };
        const filled = { result: "filled", outcome: { state: "open", url: link.target } };
        expect(await links.fillAndScan({ link, scans: 0 }, fence, "scan", captured())).toEqual(filled);
        expect(sent).toEqual(["fill-and-scan"]);
        await expectLifetime(LINK, 86_400);
        expect(await scans()).toBe("1");
        sent = [];
        expect(await scan()).toEqual(hit);
        expect(sent).toEqual(["scan"]);
        expect(await scans()).toBe("2");
      });

      it("that is a miss counts nothing and captures nothing", async () => {
        expect(await scan()).toMatchObject({ result: "miss" });
        expect(await allKeys()).toEqual(["qr-service:fence:link:qr_1"]);
      });

      it("is filled by one caller, and the others are told to wait until that one is done or late", async () => {
        const lease = "qr-service:fence:lease:link:qr_1";
        const miss = await scan();
        expect(miss).toMatchObject({ result: "miss", wait: false });
        const left = Number(await run("PTTL", lease));
        expect(left).not.toBe(-1);
        expect(left).toBeLessThanOrEqual(300);

        await run("SET", lease, "1", "PX", "60000");
        const fence = miss.result === "miss" ? miss.fence : "";
        const others = await Promise.all(Array.from({ length: 20 }, () => scan()));
        expect(others).toEqual(Array(20).fill({ result: "miss", fence, wait: true }));
        await run("DEL", lease);
        expect(await scan()).toEqual({ result: "miss", fence, wait: false });

        await links.fillAndScan({ link, scans: 0 }, fence, "peek", captured());
        expect(await run("EXISTS", lease)).toBe(0);
        expect(await scan()).toMatchObject({ result: "hit" });
      });

      it("is not renewed by a scan", async () => {
        await fill(link);
        await run("EXPIRE", LINK, "100");
        await scan();
        await expectLifetime(LINK, 100);
      });

      it("that is unknown is remembered for 60 s, counted never and captured never", async () => {
        expect(await fill(null)).toEqual({ result: "filled", outcome: { state: "unknown", url: null } });
        await expectLifetime(LINK, 60);
        expect(await scan()).toEqual({ result: "hit", state: "unknown", url: null, refresh: null });
        expect(await allKeys()).toEqual([
          "qr-service:fence:link:qr_1",
          "qr-service:link:qr_1",
          "qr-service:unknown-links",
        ]);
      });

      it.each([
        ["open", "in its window", {}, NOON, link.target],
        ["open", "at its first millisecond", { opensAt: NOON }, NOON, link.target],
        ["early", "before it opens", { opensAt: NOON + 1 }, NOON, "https://example.com/f"],
        ["open", "in its last millisecond", { closesAt: NOON + 1 }, NOON, link.target],
        ["closed", "once it has closed", { closesAt: NOON }, NOON, "https://example.com/f"],
        ["closed", "if it is paused", { closesAt: 0 }, NOON, "https://example.com/f"],
        ["closed", "rather than early", { opensAt: NOON + 9, closesAt: NOON }, NOON, "https://example.com/f"],
      ] as const)(
        "is %s %s, and leads there with and without a fallback",
        async (state, _when, change, now, url) => {
          for (const fallback of ["https://example.com/f", null]) {
            await run("FLUSHALL");
            const expected = { state, url: state === "open" ? url : fallback };
            const found = { link: { ...link, ...change, fallback }, scans: 0 };
            const filled = await links.fillAndScan(found, await missFence(now), "scan", captured(now));
            expect(filled).toEqual({ result: "filled", outcome: expected });
            expect(await scan("scan", now)).toEqual({ result: "hit", ...expected, refresh: null });
            expect(await scans()).toBe(state === "open" ? "2" : null);
            expect(await outboxLength()).toBe(state === "open" ? 2 : 0);
          }
        },
      );

      it("closes after exactly maxScans scans, however many come at once", async () => {
        await fill({ ...link, maxScans: 5, fallback: "https://example.com/f" });
        const results = await Promise.all(Array.from({ length: 20 }, () => scan()));
        const states = results.map((result) => result.result === "hit" && result.state);
        expect(states.filter((state) => state === "open")).toHaveLength(5);
        expect(states.filter((state) => state === "closed")).toHaveLength(15);
        expect(await scan("peek")).toMatchObject({ state: "closed", url: "https://example.com/f" });
        expect(await scans()).toBe("5");
        expect(await outboxLength()).toBe(5);
      });

      it("counts a scan, captures a bot without counting it, and does neither for a peek", async () => {
        await fill({ ...link, maxScans: 1 });
        expect(await scan("peek")).toMatchObject({ state: "open" });
        expect([await scans(), await outboxLength()]).toEqual([null, 0]);
        expect(await scan("bot")).toMatchObject({ state: "open" });
        expect([await scans(), await outboxLength()]).toEqual([null, 1]);
        expect(await scan("scan")).toMatchObject({ state: "open" });
        expect([await scans(), await outboxLength()]).toEqual(["1", 2]);
        expect(await scan("bot")).toMatchObject({ state: "closed" });
        expect([await scans(), await outboxLength()]).toEqual(["1", 2]);
      });

      it("counts the day of the scan, by a counter that lives a day from its first scan", async () => {
        await fill(link);
        await scan();
        const today = "qr-service:scan-count:qr_1:2030-01-31";
        await expectLifetime(today, 86_400);
        await run("EXPIRE", today, "100");
        await scan();
        expect(await run("GET", today)).toBe("2");
        await expectLifetime(today, 100);
        await scan("scan", Date.UTC(2030, 1, 1));
        expect(await run("MGET", today, "qr-service:scan-count:qr_1:2030-02-01")).toEqual(["2", "1"]);
        expect(await scans()).toBe("3");
        await expectLifetime(CacheKeys.scanCount("qr_1"), -1);
      });

      it("captures the event as it was, with the link's tenant and target", async () => {
        await fill(link);
        const event = captured();
        await links.scan("scan", event);
        const [[, fields] = []] = (await run("XRANGE", "qr-service:outbox", "-", "+")) as [
          string,
          string[],
        ][];
        expect(fields).toEqual([
          "event",
          JSON.stringify(event),
          "tenant",
          "tenant_a",
          "target",
          "https://example.com/%C3%BC",
        ]);
      });

      it("raises the counter to the scans that are persisted, and never lowers it", async () => {
        expect(await fill({ ...link, maxScans: 10 }, NOON, 9)).toMatchObject({ outcome: { state: "open" } });
        expect(await scans()).toBe("9");
        await scan();
        expect(await scan()).toMatchObject({ state: "closed" });
        await run("DEL", LINK);
        await fill(link, NOON, 3);
        expect(await scans()).toBe("10");
      });

      /** When a link that was filled at NOON is read anew: a minute before it expires. */
      const REFRESH_AT = NOON + (86_400 - 60) * 1_000;
      const claims = (results: Awaited<ReturnType<typeof scan>>[]) =>
        results.filter((result) => result.result === "hit" && result.refresh !== null);

      it("is refreshed by nobody until a minute before it expires, and then by one of 50", async () => {
        await fill(link);
        const many = (now: number) => Promise.all(Array.from({ length: 50 }, () => scan("scan", now)));
        expect(claims(await many(REFRESH_AT - 1))).toHaveLength(0);
        const results = await many(REFRESH_AT);
        expect(claims(results)).toHaveLength(1);
        expect(results.every((result) => result.result === "hit" && result.state === "open")).toBe(true);
        expect(await scans()).toBe("100");
      });

      it("may be claimed again when the one who claimed its refresh is 5 s late", async () => {
        await fill(link);
        expect(claims([await scan("scan", REFRESH_AT)])).toHaveLength(1);
        expect(claims([await scan("scan", REFRESH_AT + 4_999)])).toHaveLength(0);
        expect(claims([await scan("peek", REFRESH_AT + 5_000)])).toHaveLength(1);
        expect(claims([await scan("bot", REFRESH_AT + 5_001)])).toHaveLength(0);
      });

      it("that was refreshed lives on with the new target, without being counted again", async () => {
        await fill(link);
        const claim = await scan("scan", REFRESH_AT);
        const fence = claim.result === "hit" ? (claim.refresh ?? "") : "";
        const found = { link: { ...link, target: "https://example.com/new" }, scans: 0 };
        await links.fillAndScan(found, fence, "peek", captured(REFRESH_AT));
        await expectLifetime(LINK, 86_400);
        expect(await scan("scan", REFRESH_AT + 5_000)).toMatchObject({
          url: found.link.target,
          refresh: null,
        });
        expect(await scans()).toBe("2");
      });

      it("that is unknown or closed is handed out for refresh no more than an open one", async () => {
        await fill({ ...link, closesAt: 0 });
        const results = await Promise.all(Array.from({ length: 20 }, () => scan("scan", REFRESH_AT)));
        expect(claims(results)).toHaveLength(1);
      });

      it.each([
        [
          "a change",
          () => cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: false }, NOON),
        ],
        [
          "a deletion",
          () => cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: true }, NOON),
        ],
        ["the loss of all data", () => run("FLUSHALL")],
      ])(
        "read before %s is neither stored, nor counted, nor captured: the scan starts again",
        async (_what, happen) => {
          const fence = await missFence();
          await happen();
          const before = await allKeys();
          const result = await links.fillAndScan({ link, scans: 9 }, fence, "scan", captured());
          expect(result).toEqual({ result: "refused" });
          expect(await allKeys()).toEqual(before);
        },
      );

      it("that was unknown when the database was asked needs no second look", async () => {
        const fence = await missFence();
        await cache.forget(CHANGE, NOON);
        const outcome = { state: "unknown", url: null };
        expect(await links.fillAndScan(null, fence, "scan", captured())).toEqual({
          result: "refused",
          outcome,
        });
        expect(await run("EXISTS", LINK)).toBe(0);
      });

      it("that is closed is scanned from the database, counted and captured, and not stored", async () => {
        await fill({ ...link, maxScans: 2 });
        await cache.close(CHANGE);
        const misses = await Promise.all([scan(), scan(), scan()]);
        // Nobody fills it, so nobody waits.
        expect(misses).toEqual(
          Array(3).fill({ result: "miss", fence: expect.stringMatching(/^~/), wait: false }),
        );
        const results = [];
        for (const miss of misses) {
          const fence = miss.result === "miss" ? miss.fence : "";
          const found = { link: { ...link, maxScans: 2 }, scans: 0 };
          results.push(await links.fillAndScan(found, fence, "scan", captured()));
        }
        const open = { result: "refused", outcome: { state: "open", url: link.target } };
        expect(results).toEqual([open, open, { result: "refused", outcome: { state: "closed", url: null } }]);
        expect([await scans(), await outboxLength(), await run("EXISTS", LINK)]).toEqual(["2", 2, 0]);
      });

      it("that was closed when it was read starts again if it is open now, and another change closing it is no reason", async () => {
        await cache.close(CHANGE);
        const fence = await missFence();
        const found = { link, scans: 0 };
        await cache.close({ ...CHANGE, mark: "2" });
        expect(await links.fillAndScan(found, fence, "scan", captured())).toMatchObject({
          outcome: { state: "open" },
        });
        await cache.forget({ ...CHANGE, deleted: true }, NOON);
        expect(await links.fillAndScan(found, fence, "scan", captured())).toEqual({ result: "refused" });
        expect(await scans()).toBe(null);
      });

      it("that is forgotten is not found any more, and not put back by a refresh that began before", async () => {
        await fill(link);
        const claim = await scan("scan", REFRESH_AT);
        const fence = claim.result === "hit" ? (claim.refresh ?? "") : "";
        await cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: true }, NOON);
        await links.fillAndScan({ link, scans: 1 }, fence, "peek", captured(REFRESH_AT));
        expect(await scan("scan", REFRESH_AT)).toMatchObject({ result: "miss" });
        expect(await scans()).toBe(null);
      });

      it.each([
        ["text", ["SET", LINK, "garbage"]],
        ["a stream", ["XADD", LINK, "*", "f", "1"]],
        ["a hash of something else", ["HSET", LINK, "tenant", "tenant_b", "target", "https://evil.example/"]],
        ["a hash without a number", ["HSET", LINK, "tenant", "t", "target", "x", "refreshAt", "soon"]],
      ])("is a miss if the key holds %s, which the fill replaces", async (_what, [name = "", ...args]) => {
        await run(name, ...args);
        const fence = await missFence();
        const outcome = { state: "open", url: link.target };
        const filled = await links.fillAndScan({ link, scans: 0 }, fence, "scan", captured());
        expect(filled).toEqual({ result: "filled", outcome });
        expect(await scan()).toMatchObject({ result: "hit", ...outcome });
        expect(await run("TYPE", LINK)).toBe("hash");
        await expectLifetime(LINK, 86_400);
      });

      it.each([
        ["text", (key: string) => ["SET", key, "garbage"]],
        ["a fraction", (key: string) => ["SET", key, "1.5"]],
        ["a hash", (key: string) => ["HSET", key, "f", "1"]],
      ])("is scanned and counted anew if its counters hold %s", async (_what, spoil) => {
        const counters = [CacheKeys.scanCount("qr_1"), CacheKeys.dailyScanCount("qr_1", "2030-01-31")];
        await inTurn(redis, counters.map(spoil));
        expect(await fill({ ...link, maxScans: 2 }, NOON)).toMatchObject({ outcome: { state: "open" } });
        await inTurn(
          redis,
          counters.map((key) => ["DEL", key]),
        );
        await inTurn(redis, counters.map(spoil));
        expect(await scan()).toMatchObject({ result: "hit", state: "open" });
        expect(await run("MGET", ...counters)).toEqual(["1", "1"]);
        await expectLifetime(counters[1] ?? "", 86_400);
      });

      it("whose counter holds no number gets the persisted figure back", async () => {
        const key = CacheKeys.scanCount("qr_1");
        const token = await openFence(redis, LINK, "reader");
        const least = { qrId: "qr_1", day: null, scans: 7, guard: { key: LINK, token } };
        for (const spoil of [
          ["SET", key, "garbage"],
          ["HSET", key, "f", "1"],
        ]) {
          await inTurn(redis, [["DEL", key], spoil]);
          await raiseCounters(redis, [least]);
          expect(await scans()).toBe("7");
        }
      });
    });

    it("holds exactly the keys of the design, each with its type and its lifetime", async () => {
      const list = await cache.getCache("qr-service:qr-codes:tenant_a");
      const one = await cache.readCode("tenant_a", "qr_1", "2030-01-31", parseCodeEntry);
      const scan = capturedScan({ occurredAt: NOON });
      const found = await links.scan("scan", scan);
      const unknown = await links.scan("scan", { ...scan, qrId: "qr_none" });
      if (list.result !== "miss" || one.result !== "miss" || found.result !== "miss") {
        return expect.unreachable("something was in the cache");
      }
      const page = { codes: [code], nextCursor: null };
      await cache.fillCache(CacheKeys.list("tenant_a"), page, CACHE_TTL.list, list.fence);
      await cache.fillCache(CacheKeys.code("tenant_a", "qr_1"), code, CACHE_TTL.code, one.fence);
      await links.fillAndScan({ link, scans: 0 }, found.fence, "scan", scan);
      await links.fillAndScan(null, unknown.result === "miss" ? unknown.fence : "", "scan", {
        ...scan,
        qrId: "qr_none",
      });

      await cache.close({ mark: "1", tenantId: "tenant_b", qrId: "qr_2", deleted: false });

      const table: [key: string, type: string, lifetime: number][] = [
        ["qr-service:qr-codes:tenant_a", "string", 300],
        ["qr-service:qr:tenant_a:qr_1", "string", 1_800],
        ["qr-service:scan-count:qr_1", "string", -1],
        ["qr-service:scan-count:qr_1:2030-01-31", "string", 86_400],
        ["qr-service:link:qr_1", "hash", 86_400],
        ["qr-service:link:qr_none", "hash", 60],
        ["qr-service:mark:qr-codes:tenant_b", "hash", 10],
        ["qr-service:mark:qr:tenant_b:qr_2", "hash", 10],
        ["qr-service:mark:link:qr_2", "hash", 10],
        ["qr-service:fence:qr-codes:tenant_a", "string", 60],
        ["qr-service:fence:qr:tenant_a:qr_1", "string", 60],
        ["qr-service:fence:link:qr_1", "string", 60],
        ["qr-service:fence:link:qr_none", "string", 60],
        ["qr-service:outbox", "stream", -1],
        ["qr-service:unknown-links", "string", 60],
      ];
      expect(await allKeys()).toEqual(table.map(([key]) => key).sort());
      for (const [key, type, lifetime] of table) {
        expect(await run("TYPE", key)).toBe(type);
        await expectLifetime(key, lifetime);
      }
      expect(JSON.parse(String(await run("GET", "qr-service:qr-codes:tenant_a")))).toEqual(page);
      expect(JSON.parse(String(await run("GET", "qr-service:qr:tenant_a:qr_1")))).toEqual(code);
      expect(await run("GET", "qr-service:scan-count:qr_1")).toBe("1");
    });
  });
}

/** Tells the name of each command or script before it is run. */
function noting(redis: RedisPort, note: (name: string) => void): RedisPort {
  return {
    command(name, ...args) {
      note(name);
      return redis.command(name, ...args);
    },
    script(script, keys, args) {
      note(script.name);
      return redis.script(script, keys, args);
    },
    close: () => redis.close(),
  };
}
