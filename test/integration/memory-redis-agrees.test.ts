import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MemoryRedis, memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { RedisFailure, type Reply } from "../../data/redis/port.ts";
import { FILL_AND_SCAN, SCAN } from "../../data/redis/scripts.ts";
import { luaScript } from "../support/lua-script.ts";
import { lacks } from "../support/requirements.ts";

type Send = (words: string[]) => Promise<Reply>;
type Outcome = Reply | { error: string };

/** A stream ID differs from server to server. `#n` stands for the n-th that a server gave out in a run. */
const streamId = fc.constantFrom("#0", "#1", "#2", "#3");
const key = fc.constantFrom("a", "b", "c", "d:é");
// Short enough that a hash stays in the order of its fields (hash-max-listpack-value is 64).
const text = fc.constantFrom(
  "",
  "0",
  "7",
  "-3",
  "007",
  "1.5",
  "plain",
  "é",
  "😀 x",
  "x".repeat(60),
  "\0\r\n",
);
const field = fc.constantFrom("f", "g", "h", "é");
const whole = fc.constantFrom("0", "1", "-1", "12", "900", "1e3", "nonsense");
const count = whole.map((n) => ["COUNT", n]);
const lifetime = fc.constantFrom("100000", "500000", "0", "-5", "x");
const bound = fc.oneof(
  fc.constantFrom("-", "+", "0", "(0-1", "99999999999999", "(-", "no-id"),
  streamId,
  streamId.map((id) => `(${id}`),
);
const setOption = fc.oneof(
  fc.constantFrom("NX", "xx", "GET", "KEEPTTL", "EX", "NOPE"),
  fc.tuple(fc.constantFrom("EX", "px"), lifetime).map((pair): string[] => pair),
);
const SCRIPTS = [
  "return {KEYS[1], ARGV[1], #ARGV[1], ARGV[3]}",
  "return {1, 2.9, -2.9, true, false, 'x', {'nested', {}}, nil, 'unseen'}",
  "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])",
  "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end return redis.call('DEL', KEYS[1])",
  "local c = redis.call('INCR', KEYS[1]) if c == 1 then redis.call('EXPIRE', KEYS[1], 90000) end return c",
  "local r = redis.pcall('INCRBY', KEYS[1], ARGV[1]) if type(r) == 'table' then return r.err end return r * 2",
  "return redis.call('HMGET', KEYS[1], 'f', 'none')[2] == false",
  "redis.call('HSET', KEYS[1], 'f', 1, 'g', 2.5) return redis.call('HGETALL', KEYS[1])",
  "return redis.call('XADD', KEYS[1], '*', 'n', ARGV[1], 'm', 10 / 2)",
  "return redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 2)",
  "return {redis.call('TYPE', KEYS[1]).ok, redis.call('EXISTS', KEYS[1], KEYS[2])}",
  "return redis.call('PING')",
  "return redis.status_reply('FINE')",
  "return redis.error_reply('STALE ' .. ARGV[1])",
  "return redis.error_reply('oneword')",
  "return {err = 'CUSTOM error'}",
  "error({err = 'RAISED by the script'})",
  "local ok, e = pcall(redis.call, 'HGET', KEYS[1], 'f') return ok and 'fine' or string.sub(e, 1, 9)",
  "return {pcall(function(...) return 1, ... end, 2, 3)}",
  "local ok, e = pcall(error, {code = 7}) return {tostring(ok), e.code}",
  "error('plain')",
  "return redis.call('NOSUCH', KEYS[1])",
  "return redis.call('GET')",
  "return redis.call('GET', {})",
  "undeclared = 1",
  "return undeclared",
  "this is not Lua",
  "return {string.byte(ARGV[1], 1, -1)}",
  "return string.sub(ARGV[1], 1, 1) .. string.sub(ARGV[1], 2)",
  "return {string.match('scan:42:x', '(%a+):(%d+)')}",
  "local t = {} for i = 1, 4 do t[#t + 1] = i * i end return {#t, table.concat(t, ','), unpack(t)}",
  "return {tostring(10 / 2), 7 % 3, 2 ^ 31 * 2, 1700000000 * 1000 .. '', tostring(nil), type(tonumber('z'))}",
  "return string.format('%.0f %d %.2f %s %05d %x', 1700000000123, 1700000000123, 2.378, KEYS[1], 42, 255)",
  "return redis.sha1hex(ARGV[1])",
];

const scanArgs = fc
  .tuple(fc.constantFrom("scan", "bot", "peek"), fc.constantFrom("1000", "2000"))
  .map(([mode, now]) => [mode, now, '{"event":"é"}']);
const restOfScan = ["token", "60", "86400", "10000", "60000"];
const fillArgs = fc
  .tuple(fc.constantFrom("token", "other"), fc.constantFrom("1500", "0"), fc.constantFrom("", "1500"), whole)
  .map(([fence, opensAt, closesAt, maxScans]) => [
    ...["86400", fence, "1800", "1500", "tenant_é", "https://example.com/😀", opensAt, closesAt, maxScans],
    ...["fallback", "7"],
  ]);

const sha1 = (source: string) => luaScript("test", source).sha1;
const words = (...parts: (string | fc.Arbitrary<string | string[]>)[]): fc.Arbitrary<string[]> =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((all) => all.flat());
const some = (part: fc.Arbitrary<string | string[]>, minLength: number, maxLength: number) =>
  fc.array(part, { minLength, maxLength }).map((all) => all.flat());

/** The service's own scripts of a scan, on these keys. */
const scanKeys: fc.Arbitrary<string[]> = fc.constant(["6", "a", "b", "c", "d:é", "e", "f"]);
const scan = fc.oneof(
  words("EVAL", SCAN.source, scanKeys, scanArgs, fc.constant(restOfScan)),
  words("EVAL", FILL_AND_SCAN.source, scanKeys, scanArgs, fillArgs),
);

/** Any command, right or wrong, on four keys that may hold any type. */
const anyCommand = fc.oneof(
  words(fc.constantFrom("GET", "INCR", "TYPE", "TTL", "pttl", "PERSIST", "HGETALL", "XLEN"), key),
  words("SET", key, text, some(setOption, 0, 2)),
  words("INCRBY", key, whole),
  words(fc.constantFrom("MGET", "DEL", "UNLINK", "EXISTS"), some(key, 0, 3)),
  words("EXPIRE", key, lifetime, some(fc.constantFrom("NX", "XX", "gt", "LT", "NOPE"), 0, 1)),
  words("PEXPIRE", key, lifetime),
  words("HSET", key, some(fc.tuple(field, text), 0, 3)),
  words("HGET", key, field),
  words(fc.constantFrom("HMGET", "HDEL"), key, some(field, 0, 3)),
  words("XADD", key, "*", some(fc.tuple(field, text), 0, 2)),
  words("XRANGE", key, bound, bound, some(count, 0, 1)),
  words("XDEL", key, some(streamId, 1, 3)),
  words("XTRIM", key, "MAXLEN", some(fc.constant("="), 0, 1), whole),
  words("XTRIM", key, "minid", fc.oneof(streamId, fc.constant("x"))),
  words(
    "SCAN",
    "0",
    "COUNT",
    "1000",
    some(fc.constantFrom(["MATCH", "[a-b]"], ["match", "d:*"], ["NOPE"]), 0, 1),
  ),
  words(fc.constantFrom("DBSIZE", "PING", "FLUSHALL", "NOSUCH")),
  words("EVAL", fc.constantFrom(...SCRIPTS), "2", key, key, text, text),
  words("EVAL", "return 1", fc.constantFrom("-1", "3", "x"), key),
  words("EVALSHA", fc.constantFrom("0".repeat(40), sha1("return ARGV[1]").toUpperCase()), "0", text),
  words("SCRIPT", "LOAD", fc.constantFrom("return ARGV[1]", "this is not Lua")),
  words("SCRIPT", "exists", fc.constantFrom("0".repeat(40), sha1("return ARGV[1]"))),
);

/** A server and the stream IDs that it gave out in this run. */
function client(send: Send): (words: string[]) => Promise<Outcome> {
  const ids: string[] = [];
  const resolve = (word: string) => word.replace(/^(\(?)#(\d)$/, (_, open, n) => open + (ids[n] ?? "5-5"));
  const generalise = (reply: Reply): Reply => {
    if (Array.isArray(reply)) return reply.map(generalise);
    if (typeof reply !== "string" || !/^\d{13}-\d+$/.test(reply)) return reply;
    if (!ids.includes(reply)) ids.push(reply);
    return `#${ids.indexOf(reply)}`;
  };
  return async (command) => {
    if (command.some((word) => word.includes("XADD"))) await nextMillisecond();
    try {
      const reply = generalise(await send(command.map(resolve)));
      return command[0] === "SCAN" ? sortedKeys(reply) : reply;
    } catch (error) {
      return { error: errorCode(error) };
    }
  };
}

/** Keeps the IDs of a run apart: those of two streams, or of one that is deleted and made again, may be the same. */
async function nextMillisecond(): Promise<void> {
  const start = Date.now();
  while (Date.now() === start) await setImmediate();
}

/** The order of the keys is a server's own. */
function sortedKeys(reply: Reply): Reply {
  const [cursor, keys] = reply as [string, string[]];
  return [cursor, keys.toSorted()];
}

function errorCode(error: unknown): string {
  if (error instanceof RedisFailure) return error.message.replace("redis refused: ", "");
  return /^[A-Z]+/.exec((error as Error).message)?.[0] ?? "ERR";
}

describe.skipIf(await lacks("redis-server"))("the stand-in for Redis answers as a redis-server does", () => {
  let server: RedisServer;
  let redis: Redis;
  let memory: MemoryRedis;
  const askRedis: Send = ([name = "", ...args]) => redis.call(name, args) as Promise<Reply>;
  const askMemory: Send = ([name = "", ...args]) => memory.command(name, ...args);

  beforeAll(async () => {
    server = await startRedisServer({});
    redis = new Redis(server.url);
    memory = memoryRedis();
  });
  afterAll(async () => {
    redis?.disconnect();
    await memory?.close();
    await server?.stop();
  });

  async function expectEqualReplies(commands: string[][]): Promise<void> {
    await Promise.all([redis.flushall(), memory.command("FLUSHALL")]);
    const [real, standIn] = [client(askRedis), client(askMemory)];
    for (const command of commands) {
      const [expected, actual] = [await real(command), await standIn(command)];
      // Time passes between the two.
      const near = /^P?TTL$/i.test(command[0] ?? "") && Number(expected) > 0;
      if (near) expect(Math.abs(Number(actual) - Number(expected)), command.join(" ")).toBeLessThan(3_000);
      else expect(actual, command.join(" ")).toEqual(expected);
    }
  }

  test("to any sequence of commands and scripts", async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyCommand, { maxLength: 40 }), expectEqualReplies), {
      numRuns: 300,
    });
  }, 60_000);

  test("to scans, whatever else happens to their keys", async () => {
    const commands = fc.array(fc.oneof({ weight: 5, arbitrary: scan }, anyCommand), { maxLength: 30 });
    await fc.assert(fc.asyncProperty(commands, expectEqualReplies), { numRuns: 100 });
  }, 60_000);

  test("to each script, on keys of each type", async () => {
    const scripts = SCRIPTS.map((script) => ["EVAL", script, "2", "a", "b", "é 😀", "2"]);
    for (const first of [[], ["SET", "a", "5"], ["HSET", "a", "f", "1"], ["XADD", "a", "*", "f", "1"]]) {
      for (const script of scripts)
        await expectEqualReplies([first, script].filter(({ length }) => length > 0));
    }
  });

  test("to patterns", async () => {
    const some = fc.string({ unit: fc.constantFrom(..."ab-^*?[]\\"), minLength: 1, maxLength: 6 });
    const property = fc.asyncProperty(fc.array(some, { maxLength: 20 }), some, (names, pattern) =>
      expectEqualReplies([
        ...names.map((name) => ["SET", name, "1"]),
        ["SCAN", "0", "MATCH", pattern, "COUNT", "1000"],
      ]),
    );
    await fc.assert(property, { numRuns: 500 });
  }, 60_000);

  test("to numbers in scripts", async () => {
    const script = `local n = tonumber(ARGV[1])
      redis.call('SET', KEYS[1], n)
      return {redis.call('GET', KEYS[1]), tostring(n), n * 2 .. '', math.floor(n) .. ''}`;
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.maxSafeInteger().map(String),
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((n) => n.toFixed(3)),
    );
    const property = fc.asyncProperty(number, (n) => expectEqualReplies([["EVAL", script, "1", "k", n]]));
    await fc.assert(property, { numRuns: 500 });
  }, 60_000);
});
