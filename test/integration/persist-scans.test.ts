import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { Unavailable } from "../../core/errors.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import { maintainPartitions, oldestKept } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { raisePendingCounters } from "../../data/raise-pending-counters.ts";
import { openFences } from "../../data/redis/fence.ts";
import { raiseCounters } from "../../data/redis/heal-counters.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { type BatchHandler, createHandler } from "../../functions/persist-scans/handler.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type LogRecorder, recordLog } from "../support/log-recorder.ts";
import { scanBatch, scannedEvent } from "../support/scan-events.ts";

const TOPIC = "qr.events";
const NOW = Date.parse("2026-03-15T12:00:00.000Z");
const TODAY = "2026-03-15";
const YESTERDAY = "2026-03-14";
const DAY_S = 86_400;
const RETENTION_MONTHS = 13;

let database: TestDatabase;
let db: CountingDb;
let redisServer: RedisServer | undefined;
let redis: RedisPort;
let redisIsDown: boolean;
let log: LogRecorder;
let services: Services;
let persist: BatchHandler;

beforeAll(async () => {
  database = await testDatabase();
  // A server that thinks in another zone must not move a scan to another day.
  const name = new URL(database.url).pathname.slice(1);
  await database.sql(`ALTER DATABASE "${name}" SET timezone TO 'Pacific/Auckland'`);
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  log = recordLog();
  const env = readEnv(["postgres", "redis", "history"], { DATABASE_URL: database.url });
  services = await servicesFrom(env, { db, redis: breakable(redis), log, now: () => NOW });
  await maintainPartitions(db, NOW, RETENTION_MONTHS);
  persist = createHandler(services);
});
beforeEach(() => {
  redisIsDown = false;
});
afterAll(async () => {
  await services.close();
  await redisServer?.stop();
  await database.drop();
});

function breakable(port: RedisPort): RedisPort {
  const unless = async <T>(call: () => Promise<T>): Promise<T> => {
    if (redisIsDown) throw new RedisFailure("down", "test");
    return call();
  };
  return {
    command: (name, ...args) => unless(() => port.command(name, ...args)),
    script: (script, keys, args) => unless(() => port.script(script, keys, args)),
    close: () => port.close(),
  };
}

let codes = 0;
/** A code that exists, with nothing counted yet. */
async function newCode(deletedAt: string | null = null): Promise<string> {
  const qrId = `code-${++codes}`;
  await db.read(
    `INSERT INTO qr_codes (qr_id, tenant_id, target_url, created_at, updated_at, deleted_at)
     VALUES ($1, 'tenant_a', 'https://example.com/', now(), now(), $2)`,
    [qrId, deletedAt],
  );
  return qrId;
}

const scan = (qrId: string, fields: Partial<ScannedEvent> = {}) =>
  scannedEvent({ qrId, occurredAt: new Date(NOW).toISOString(), ...fields });

let offset = 0;
/** A batch of one partition, whose records follow those of the batch before. */
function batch(values: unknown[], partition = 0) {
  const firstOffset = offset;
  offset += values.length;
  return scanBatch(values, { partition, firstOffset });
}

async function totals(qrId: string) {
  const [row] = await db.read<{ scans: number; bots: number; last: Date | null }>(
    "SELECT scans::int, bots::int, last_scanned_at AS last FROM scan_totals WHERE qr_id = $1",
    [qrId],
  );
  return row && { scans: row.scans, bots: row.bots, last: row.last?.toISOString() ?? null };
}

/** Day, scans, bots and unique visitors of each day that has a row. */
async function days(qrId: string): Promise<string[]> {
  const rows = await db.read<{ line: string }>(
    `SELECT concat_ws(' ', to_char(day, 'YYYY-MM-DD'), scans, bots, unique_visitors) AS line
     FROM scan_days WHERE qr_id = $1 ORDER BY day`,
    [qrId],
  );
  return rows.map(({ line }) => line);
}

async function dimensions(qrId: string): Promise<string[]> {
  const rows = await db.read<{ line: string }>(
    `SELECT concat_ws(' ', to_char(day, 'YYYY-MM-DD'), dimension, value, scans) AS line
     FROM scan_dimensions WHERE qr_id = $1 ORDER BY 1`,
    [qrId],
  );
  return rows.map(({ line }) => line);
}

async function storedEvents(qrId: string): Promise<number> {
  const rows = await db.read("SELECT FROM scan_events WHERE qr_id = $1", [qrId]);
  return rows.length;
}

async function deadLetters(partition: number) {
  return db.read<{ topic: string; partition: number; offset: string; reason: string; value: string }>(
    `SELECT topic, partition, "offset", reason, value FROM dead_letters WHERE partition = $1
     ORDER BY "offset"::int`,
    [partition],
  );
}

const counter = (qrId: string, day?: string) =>
  redis.command("GET", day ? CacheKeys.dailyScanCount(qrId, day) : CacheKeys.scanCount(qrId));
const ttl = async (qrId: string, day: string) =>
  Number(await redis.command("TTL", CacheKeys.dailyScanCount(qrId, day)));

describe("a batch", () => {
  it("is one statement, however many scans and codes it holds", async () => {
    const ids = [await newCode(), await newCode(), await newCode()];
    const one = batch([scan(ids[0] ?? "")]);
    const many = batch(Array.from({ length: 500 }, (_, n) => scan(ids[n % 3] ?? "", { visitor: `v${n}` })));
    expect(await db.during(() => persist(one))).toHaveLength(1);
    expect(await db.during(() => persist(many))).toHaveLength(1);
    expect((await Promise.all(ids.map(totals))).map((total) => total?.scans)).toEqual([168, 167, 166]);
  });

  it("is persisted as a whole or not at all", async () => {
    const qrId = await newCode();
    const event = batch([scan(qrId), scan(qrId, { browser: "refused" }), "poison"], 20);
    await database.sql("ALTER TABLE scan_dimensions ADD CONSTRAINT refusal CHECK (value <> 'refused')");
    try {
      await expect(persist(event)).rejects.toThrow();
    } finally {
      await database.sql("ALTER TABLE scan_dimensions DROP CONSTRAINT refusal");
    }
    expect([await storedEvents(qrId), await totals(qrId), await days(qrId)]).toEqual([0, undefined, []]);
    expect([await deadLetters(20), await counter(qrId)]).toEqual([[], null]);

    expect(await persist(event)).toEqual({ persisted: 2, duplicates: 0, expired: 0, deadLetters: 1 });
    expect(await days(qrId)).toEqual([`${TODAY} 2 0 1`]);
  });

  it("of several partitions, as the event source sends it, is persisted with all of them", async () => {
    const qrId = await newCode();
    const [first, second] = [batch([scan(qrId)], 0), batch([scan(qrId), scan(qrId)], 1)];
    const both = { records: { ...first.records, ...second.records } };
    expect(await persist(both)).toMatchObject({ persisted: 3 });
    expect(await totals(qrId)).toMatchObject({ scans: 3 });
  });

  it("without a record changes nothing", async () => {
    expect(await persist({ records: {} })).toEqual({
      persisted: 0,
      duplicates: 0,
      expired: 0,
      deadLetters: 0,
    });
  });
});

describe("a scan is counted once", () => {
  it("if its batch is delivered twice", async () => {
    const qrId = await newCode();
    const event = batch([scan(qrId), scan(qrId, { visitor: "visitor-2" }), scan(qrId, { bot: true })]);
    expect(await persist(event)).toEqual({ persisted: 3, duplicates: 0, expired: 0, deadLetters: 0 });
    const after = [await totals(qrId), await days(qrId), await dimensions(qrId), await counter(qrId)];
    expect(await persist(event)).toEqual({ persisted: 0, duplicates: 3, expired: 0, deadLetters: 0 });
    expect([await totals(qrId), await days(qrId), await dimensions(qrId), await counter(qrId)]).toEqual(
      after,
    );
    expect(after[1]).toEqual([`${TODAY} 2 1 2`]);
    expect(await storedEvents(qrId)).toBe(3);
  });

  it("if batches overlap", async () => {
    const qrId = await newCode();
    const events = Array.from({ length: 6 }, (_, n) => scan(qrId, { visitor: `v${n}` }));
    expect(await persist(batch(events.slice(0, 4)))).toMatchObject({ persisted: 4, duplicates: 0 });
    expect(await persist(batch(events.slice(2)))).toMatchObject({ persisted: 2, duplicates: 2 });
    expect(await days(qrId)).toEqual([`${TODAY} 6 0 6`]);
    expect(await dimensions(qrId)).toContain(`${TODAY} country DE 6`);
  });

  it("if it is in one batch twice", async () => {
    const qrId = await newCode();
    const event = scan(qrId);
    expect(await persist(batch([event, event, scan(qrId), event]))).toEqual({
      persisted: 2,
      duplicates: 2,
      expired: 0,
      deadLetters: 0,
    });
    expect(await days(qrId)).toEqual([`${TODAY} 2 0 1`]);
    expect(await counter(qrId)).toBe("2");
  });

  it("if batches with the same scans, in any order, are persisted at the same time", async () => {
    const ids = [await newCode(), await newCode(), await newCode(), await newCode()];
    for (let round = 0; round < 8; round++) {
      const events = Array.from({ length: 200 }, (_, n) =>
        scan(ids[n % 4] ?? "", { visitor: `r${round}-${n >> 2}` }),
      );
      const told = await Promise.all([
        persist(batch(events)),
        persist(batch(events.toReversed())),
        persist(batch([...events.slice(100), ...events.slice(0, 100)])),
      ]);
      expect(told.reduce((sum, { persisted }) => sum + persisted, 0)).toBe(200);
    }
    for (const qrId of ids) {
      expect(await days(qrId)).toEqual([`${TODAY} 400 0 400`]);
      expect(await totals(qrId)).toMatchObject({ scans: 400 });
      expect(await counter(qrId)).toBe("400");
    }
  });
});

describe("the figures", () => {
  it("count bots apart, and in nothing else", async () => {
    const qrId = await newCode();
    const bot = { bot: true, browser: "Googlebot", country: "US", referrerHost: "bots.example" };
    await persist(batch([scan(qrId, bot), scan(qrId, { ...bot, visitor: "bot-2" })]));
    expect(await totals(qrId)).toEqual({ scans: 0, bots: 2, last: null });
    expect([await days(qrId), await dimensions(qrId)]).toEqual([[`${TODAY} 0 2 0`], []]);
    await persist(batch([scan(qrId, bot), scan(qrId)]));
    expect(await totals(qrId)).toEqual({ scans: 1, bots: 3, last: "2026-03-15T12:00:00.000Z" });
    expect(await days(qrId)).toEqual([`${TODAY} 1 3 1`]);
    expect(await dimensions(qrId)).toHaveLength(4);
    expect(await counter(qrId)).toBe("1");
  });

  it("count a visitor once a day and code, whichever batch tells of the visit", async () => {
    const [qrId, other] = [await newCode(), await newCode()];
    const yesterday = { occurredAt: `${YESTERDAY}T12:00:00.000Z` };
    await persist(batch([scan(qrId), scan(qrId), scan(qrId, { visitor: "visitor-2" }), scan(other)]));
    await persist(batch([scan(qrId), scan(qrId, yesterday), scan(qrId, { visitor: "visitor-3" })]));
    expect(await days(qrId)).toEqual([`${YESTERDAY} 1 0 1`, `${TODAY} 5 0 3`]);
    expect(await days(other)).toEqual([`${TODAY} 1 0 1`]);
  });

  it("put a scan on the UTC day in which it happened", async () => {
    const qrId = await newCode();
    const instants = [
      "2025-12-31T23:59:59.999Z",
      "2026-01-01T00:00:00.000Z",
      "2026-02-28T23:59:59.999Z",
      "2026-03-01T00:00:00.000Z",
      `${YESTERDAY}T23:59:59.999Z`,
      `${TODAY}T00:00:00.000Z`,
    ];
    await persist(batch(instants.map((occurredAt) => scan(qrId, { occurredAt }))));
    const dates = instants.map((instant) => instant.slice(0, 10));
    expect(await days(qrId)).toEqual(dates.map((date) => `${date} 1 0 1`));
    expect(await dimensions(qrId)).toEqual(
      dates.flatMap((date) => [
        `${date} browser Safari 1`,
        `${date} country DE 1`,
        `${date} device mobile 1`,
        `${date} os iOS 1`,
      ]),
    );
  });

  it("tell countries, devices, systems, browsers and referrers, and nothing of what is unknown", async () => {
    const qrId = await newCode();
    await persist(
      batch([
        scan(qrId, { referrerHost: "news.example" }),
        scan(qrId, { country: null, device: "desktop", os: "Windows", browser: "Firefox" }),
        scan(qrId, { country: "FR", referrerHost: "news.example" }),
      ]),
    );
    await persist(batch([scan(qrId, { referrerHost: "ads.example" })]));
    expect(await dimensions(qrId)).toEqual(
      [
        "browser Firefox 1",
        "browser Safari 3",
        "country DE 2",
        "country FR 1",
        "device desktop 1",
        "device mobile 3",
        "os Windows 1",
        "os iOS 3",
        "referrer ads.example 1",
        "referrer news.example 2",
      ].map((line) => `${TODAY} ${line}`),
    );
  });

  it("know the last scan, also if an older one comes later or a bot comes after it", async () => {
    const qrId = await newCode();
    const at = (time: string, fields = {}) => scan(qrId, { ...fields, occurredAt: `${TODAY}T${time}Z` });
    await persist(batch([at("10:00:00.001"), at("09:00:00.000")]));
    expect(await totals(qrId)).toMatchObject({ last: `${TODAY}T10:00:00.001Z` });
    await persist(batch([at("08:00:00.000"), at("11:00:00.000", { bot: true })]));
    expect(await totals(qrId)).toMatchObject({ last: `${TODAY}T10:00:00.001Z` });
    await persist(batch([at("10:00:00.002")]));
    expect(await totals(qrId)).toEqual({ scans: 4, bots: 1, last: `${TODAY}T10:00:00.002Z` });
  });

  it("keep what was captured of a scan", async () => {
    const qrId = await newCode();
    const event = scan(qrId, { referrerHost: "news.example", browser: "Brücke 😀 \\ \" ' \n" });
    await persist(batch([event]));
    const [row] = await db.read("SELECT * FROM scan_events WHERE qr_id = $1", [qrId]);
    expect(row).toEqual({
      event_id: event.eventId,
      occurred_at: new Date(event.occurredAt),
      tenant_id: "tenant_a",
      qr_id: qrId,
      target_url: event.targetUrl,
      bot: false,
      country: "DE",
      device: "mobile",
      os: "iOS",
      browser: event.browser,
      referrer_host: "news.example",
      visitor: "visitor-1",
    });
  });
});

describe("what is no scan", () => {
  it("is skipped if it is another event", async () => {
    const qrId = await newCode();
    const { eventId, version, occurredAt, tenantId } = scan(qrId);
    const envelope = { eventId, version, occurredAt, tenantId, qrId };
    const state = { targetUrl: "https://example.com/", status: "active" };
    const event = batch(
      [
        { ...envelope, type: "qr.created", ...state },
        { ...envelope, type: "qr.updated", ...state },
        { ...envelope, type: "qr.deleted" },
      ],
      10,
    );
    expect(await persist(event)).toEqual({ persisted: 0, duplicates: 0, expired: 0, deadLetters: 0 });
    expect([await storedEvents(qrId), await totals(qrId), await deadLetters(10)]).toEqual([0, undefined, []]);
  });

  const SECRET = "geheim";
  const valid = scan("any-code");
  const json = JSON.stringify({ ...valid, browser: SECRET });
  const { visitor: _visitor, ...withoutVisitor } = valid;
  const poison: [string, unknown, RegExp][] = [
    ["no JSON", Buffer.from(`{${SECRET}`), /^the record is not JSON$/],
    ["no text", Buffer.from([0x00, 0xff, 0xfe, 0x80]), /^the record is not UTF-8$/],
    ["no UTF-8 inside", Buffer.from(json.replace(SECRET, `${SECRET}\xff`), "latin1"), /not UTF-8$/],
    ["no value", null, /^the record is not JSON$/],
    ["an unknown type", { ...valid, type: `qr.${SECRET}` }, /at type: \w+$/],
    ["version 2", { ...valid, version: 2, browser: SECRET }, /at version: \w+$/],
    ["a missing field", { ...withoutVisitor, browser: SECRET }, /at visitor: \w+$/],
    ["a field of the wrong type", { ...valid, bot: SECRET }, /at bot: \w+$/],
    ["an unknown field", { ...valid, [SECRET]: SECRET }, /at the root: \w+$/],
    ["a NUL inside", { ...valid, browser: `${SECRET}\0` }, /at browser: \w+$/],
    ["a NUL in the country", { ...valid, country: "D\0" }, /at country: \w+$/],
    ["half a character inside", { ...valid, browser: `${SECRET}\ud83d` }, /at browser: \w+$/],
    ["a time that is far ahead", { ...valid, occurredAt: "2026-03-17T00:00:00.000Z" }, /in the future$/],
    ["a time that no database knows", { ...valid, occurredAt: "9999-12-31T23:59:59.999Z" }, /in the future$/],
    ["a list", [valid], /at the root: \w+$/],
  ];

  it.each(poison)("goes to the dead letters if it has %s, and the rest persists", async (...args) => {
    const [name, value, reason] = args;
    const partition = 100 + poison.findIndex(([other]) => other === name);
    const qrId = await newCode();
    const event = batch([scan(qrId), value, scan(qrId)], partition);
    const [, dead] = Object.values(event.records).flat();

    expect(await persist(event)).toEqual({ persisted: 2, duplicates: 0, expired: 0, deadLetters: 1 });
    const expected = {
      topic: TOPIC,
      partition,
      offset: String(dead?.offset),
      reason: expect.stringMatching(reason),
      value: dead?.value || null,
    };
    expect(await deadLetters(partition)).toEqual([expected]);
    expect(await days(qrId)).toEqual([`${TODAY} 2 0 1`]);
    expect(JSON.stringify((await deadLetters(partition)).map((row) => row.reason))).not.toContain(SECRET);
    expect(JSON.stringify(log.lines)).not.toContain(SECRET);

    expect(await persist(event)).toMatchObject({ persisted: 0, duplicates: 2 });
    expect(await deadLetters(partition)).toEqual([expected]);
  });

  it("goes to the dead letters if the event source leaves its key and value out", async () => {
    const event = batch([scan(await newCode())], 11);
    const [record] = Object.values(event.records).flat();
    Object.assign(record ?? {}, { key: null, value: undefined });
    expect(await persist(event)).toMatchObject({ persisted: 0, deadLetters: 1 });
    expect(await deadLetters(11)).toMatchObject([{ reason: "the record is not JSON", value: null }]);
  });

  it("is kept byte by byte, with the topic's place, also if all of a batch is", async () => {
    const bytes = [Buffer.from([0, 255, 10]), Buffer.from("x")];
    const event = batch(bytes, 12);
    expect(await persist(event)).toEqual({ persisted: 0, duplicates: 0, expired: 0, deadLetters: 2 });
    const rows = await deadLetters(12);
    expect(rows.map(({ value }) => Buffer.from(value, "base64"))).toEqual(bytes);
    expect(rows.map((row) => Number(row.offset))).toEqual(
      Object.values(event.records)
        .flat()
        .map((record) => record.offset),
    );
  });

  it("leaves a line in the log", async () => {
    const before = log.lines.length;
    await persist(batch([{}, {}], 13));
    expect(log.lines.slice(before)).toEqual([
      {
        level: "warn",
        message: expect.any(String),
        fields: { count: 2, reason: expect.stringContaining("type") },
      },
    ]);
  });
});

describe("the time of a scan", () => {
  it("may be a day ahead of this machine's clock", async () => {
    const qrId = await newCode();
    const latest = new Date(NOW + DAY_S * 1_000).toISOString();
    const later = new Date(NOW + DAY_S * 1_000 + 1).toISOString();
    const event = batch([scan(qrId, { occurredAt: latest }), scan(qrId, { occurredAt: later })], 14);
    expect(await persist(event)).toMatchObject({ persisted: 1, deadLetters: 1 });
  });

  it("that is before what is kept is counted as expired, and moves no figure", async () => {
    const qrId = await newCode();
    const oldest = oldestKept(NOW, RETENTION_MONTHS);
    expect(oldest).toBe("2025-02-01T00:00:00.000Z");
    const event = batch(
      [
        scan(qrId, { occurredAt: oldest }),
        scan(qrId, { occurredAt: "2025-01-31T23:59:59.999Z" }),
        scan(qrId, { occurredAt: "0000-01-01T00:00:00.000Z" }),
      ],
      15,
    );
    expect(await persist(event)).toEqual({ persisted: 1, duplicates: 0, expired: 2, deadLetters: 0 });
    expect(await days(qrId)).toEqual(["2025-02-01 1 0 1"]);
    expect([await storedEvents(qrId), await totals(qrId)]).toEqual([1, { scans: 1, bots: 0, last: oldest }]);
  });
});

describe("the Redis counters", () => {
  it("are made from the durable figures, today's with a lifetime of a day", async () => {
    const qrId = await newCode();
    await persist(
      batch([
        scan(qrId),
        scan(qrId),
        scan(qrId, { bot: true }),
        scan(qrId, { occurredAt: `${YESTERDAY}T23:59:59.999Z` }),
      ]),
    );
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["3", "2"]);
    expect(await redis.command("TTL", CacheKeys.scanCount(qrId))).toBe(-1);
    expect(await ttl(qrId, TODAY)).toBeGreaterThan(DAY_S - 60);
    expect(await ttl(qrId, TODAY)).toBeLessThanOrEqual(DAY_S);
    expect(await counter(qrId, YESTERDAY)).toBeNull();
  });

  it("are raised if they are too low, keeping their lifetime", async () => {
    const qrId = await newCode();
    await redis.command("SET", CacheKeys.scanCount(qrId), "9");
    await redis.command("SET", CacheKeys.dailyScanCount(qrId, TODAY), "1", "EX", "500");
    // 10 is more than 9, though not as text.
    await persist(batch(Array.from({ length: 10 }, () => scan(qrId))));
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["10", "10"]);
    expect(await ttl(qrId, TODAY)).toBeGreaterThan(400);
    expect(await ttl(qrId, TODAY)).toBeLessThanOrEqual(500);
  });

  it("are never lowered: scans that are still under way count", async () => {
    const qrId = await newCode();
    await redis.command("SET", CacheKeys.scanCount(qrId), "100");
    await redis.command("SET", CacheKeys.dailyScanCount(qrId, TODAY), "50", "EX", "500");
    await persist(batch([scan(qrId), scan(qrId)]));
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["100", "50"]);
    expect(await ttl(qrId, TODAY)).toBeLessThanOrEqual(500);
  });

  it("heal from something else that stood in their place", async () => {
    const qrId = await newCode();
    await redis.command("SET", CacheKeys.scanCount(qrId), "no number");
    await redis.command("HSET", CacheKeys.dailyScanCount(qrId, TODAY), "a", "hash");
    await persist(batch([scan(qrId)]));
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["1", "1"]);
  });

  it("heal for every code of a batch after a flush", async () => {
    const ids = [await newCode(), await newCode()];
    await persist(batch(ids.flatMap((qrId) => [scan(qrId), scan(qrId)])));
    await redis.command("FLUSHALL");
    await persist(batch(ids.map((qrId) => scan(qrId))));
    for (const qrId of ids) expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["3", "3"]);
  });

  it("are not made for a code that is deleted, or never was", async () => {
    const [deleted, unknown, kept] = [await newCode(new Date().toISOString()), "never-was", await newCode()];
    const event = batch([scan(deleted), scan(unknown), scan(kept)]);
    expect(await persist(event)).toMatchObject({ persisted: 3 });
    for (const qrId of [deleted, unknown]) {
      expect(await totals(qrId)).toMatchObject({ scans: 1 });
      expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual([null, null]);
    }
    expect(await counter(kept)).toBe("1");
  });

  it("are not made again if the code is deleted while its scans are being persisted", async () => {
    const [qrId, kept] = [await newCode(), await newCode()];
    const forget = () => services.cache.forget({ mark: "1", tenantId: "tenant_a", qrId, deleted: true }, NOW);
    // The database still knew the code; then it was deleted, and its counters with it.
    const late: typeof db = {
      ...db,
      read: async (sql, values) => {
        const rows = await db.read(sql, values);
        expect(await forget()).toBe(true);
        return rows as never;
      },
    };
    await createHandler({ ...services, db: late })(batch([scan(qrId), scan(kept)]));
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual([null, null]);
    expect([await counter(kept), await counter(kept, TODAY)]).toEqual(["1", "1"]);
  });

  it("are left alone by whoever holds a fence that was moved, expired or lost", async () => {
    const ids = ["fence-kept", "fence-moved", "fence-lost"];
    const guards = (await openFences(redis, ids.map(CacheKeys.link))) ?? expect.unreachable();
    expect(await openFences(redis, ids.map(CacheKeys.link))).toEqual(guards);
    await services.cache.forget({ mark: "1", tenantId: "tenant_a", qrId: "fence-moved", deleted: true }, NOW);
    await redis.command("DEL", CacheKeys.fence(CacheKeys.link("fence-lost")));
    await raiseCounters(
      redis,
      guards.flatMap((guard, index) =>
        [null, TODAY].map((day) => ({ qrId: ids[index] ?? "", day, scans: 7, guard })),
      ),
    );
    expect(await Promise.all(ids.map((qrId) => counter(qrId)))).toEqual(["7", null, null]);
    expect(await Promise.all(ids.map((qrId) => counter(qrId, TODAY)))).toEqual(["7", null, null]);
  });
});

describe("a batch comes again or not:", () => {
  it("it does while the database is down", async () => {
    const qrId = await newCode();
    const down = postgresDb(
      { connectionString: "postgres://nobody@127.0.0.1:1/none" },
      { poolSize: 1, timeoutMs: 500 },
    );
    const event = batch([scan(qrId), "poison"], 16);
    await expect(createHandler({ ...services, db: down })(event)).rejects.toMatchObject({
      kind: "unavailable",
    });
    await down.close();
    expect([await counter(qrId), await deadLetters(16)]).toEqual([null, []]);
    expect(await persist(event)).toMatchObject({ persisted: 1, deadLetters: 1 });
  });

  it("it does not while Redis is down, for its counters heal later", async () => {
    const qrId = await newCode();
    redisIsDown = true;
    expect(await persist(batch([scan(qrId), scan(qrId)]))).toMatchObject({ persisted: 2 });
    expect(await days(qrId)).toEqual([`${TODAY} 2 0 1`]);
    expect(await counter(qrId)).toBeNull();
    redisIsDown = false;
    await persist(batch([scan(qrId)]));
    expect([await counter(qrId), await counter(qrId, TODAY)]).toEqual(["3", "3"]);
  });

  it("it does if Redis is down and the codes whose counters stay low can't be stored: they are raised then", async () => {
    const qrId = await newCode();
    const event = batch([scan(qrId)]);
    const breaking: typeof db = {
      ...db,
      read: (sql, values) =>
        sql.includes("INTO pending_counters")
          ? Promise.reject(new Unavailable("the database"))
          : db.read(sql, values),
    };
    redisIsDown = true;
    await expect(createHandler({ ...services, db: breaking })(event)).rejects.toMatchObject({
      kind: "unavailable",
    });
    redisIsDown = false;
    expect(await persist(event)).toMatchObject({ persisted: 0, duplicates: 1 });
    expect(await counter(qrId)).toBe("1");
  });
});

describe("counters that Redis did not confirm to be raised", () => {
  const pending = async () =>
    (await db.read<{ qr_id: string }>("SELECT qr_id FROM pending_counters ORDER BY 1", [])).map(
      (row) => row.qr_id,
    );
  beforeEach(() => database.sql("TRUNCATE pending_counters"));

  /** A code with so many scans, none of which is in its counters. */
  async function lowCode(scans: number): Promise<string> {
    const qrId = await newCode();
    redisIsDown = true;
    await persist(batch(Array.from({ length: scans }, () => scan(qrId))));
    redisIsDown = false;
    return qrId;
  }

  /** What a call sends: statements to the database, and commands to Redis. */
  async function costOfRaising(): Promise<[statements: number, commands: number]> {
    let commands = 0;
    const script: RedisPort["script"] = (of, keys, args) => {
      commands += 1;
      return services.redis.script(of, keys, args);
    };
    const redis = { ...services.redis, script };
    const statements = await db.during(() => raisePendingCounters({ ...services, redis }));
    return [statements.length, commands];
  }

  it("are raised once it answers, the total and the day's, without another scan or a read", async () => {
    const qrId = await lowCode(2);
    expect([await counter(qrId), await pending()]).toEqual([null, [qrId]]);
    expect(await raisePendingCounters(services)).toBe(1);
    expect([await counter(qrId), await counter(qrId, TODAY), await pending()]).toEqual(["2", "2", []]);
  });

  it("are raised as well if it failed between the fences and the counters", async () => {
    const qrId = await newCode();
    const breaking = afterPersisting(() => {
      redisIsDown = true;
    });
    const handler = createHandler({ ...services, db: breaking });
    expect(await handler(batch([scan(qrId)]))).toMatchObject({ persisted: 1 });
    redisIsDown = false;
    expect([await counter(qrId), await raisePendingCounters(services), await counter(qrId)]).toEqual([
      null,
      1,
      "1",
    ]);
  });

  it("stay noted while it is down, each code once, however many batches come", async () => {
    const qrId = await lowCode(1);
    redisIsDown = true;
    await persist(batch([scan(qrId)]));
    expect(await raisePendingCounters(services)).toBe(0);
    expect(await pending()).toEqual([qrId]);
    redisIsDown = false;
    expect([await raisePendingCounters(services), await counter(qrId)]).toEqual([1, "2"]);
  });

  it("stay noted if another batch could not raise them while they were being raised", async () => {
    const qrId = await lowCode(1);
    let another: Promise<unknown> | undefined;
    const racing = breakable(redis);
    const script: RedisPort["script"] = async (of, keys, args) => {
      if (of.name === "raise-counters") another ??= lowAgain();
      await another;
      return racing.script(of, keys, args);
    };
    const lowAgain = async () => {
      redisIsDown = true;
      await persist(batch([scan(qrId)]));
      redisIsDown = false;
    };
    expect(await raisePendingCounters({ ...services, redis: { ...services.redis, script } })).toBe(1);
    expect([await counter(qrId), await pending()]).toEqual(["1", [qrId]]);
    expect([await raisePendingCounters(services), await counter(qrId), await pending()]).toEqual([
      1,
      "2",
      [],
    ]);
  });

  it("are never lowered, nor made for a code that is deleted", async () => {
    const [counted, deleted] = [await lowCode(1), await lowCode(1)];
    await redis.command("SET", CacheKeys.scanCount(counted), "5");
    await database.sql(`UPDATE qr_codes SET deleted_at = now() WHERE qr_id = '${deleted}'`);
    expect(await raisePendingCounters(services)).toBe(2);
    expect([await counter(counted), await counter(deleted), await pending()]).toEqual(["5", null, []]);
  });

  it("are raised for many codes by three statements and two commands", async () => {
    const qrIds = await Promise.all(Array.from({ length: 100 }, () => newCode()));
    redisIsDown = true;
    await persist(batch(qrIds.map((qrId) => scan(qrId))));
    redisIsDown = false;
    expect(await costOfRaising()).toEqual([3, 2]);
    expect(await Promise.all(qrIds.map((qrId) => counter(qrId)))).toEqual(Array(100).fill("1"));
  });

  it("cost one statement to look for, and no command, while there are none", async () => {
    expect(await costOfRaising()).toEqual([1, 0]);
  });
});

/** The database, and something that happens after a batch was persisted. */
function afterPersisting(then: () => void): typeof db {
  return {
    ...db,
    read: async (sql, values) => {
      const rows = await db.read(sql, values);
      if (sql.includes("INTO scan_events")) then();
      return rows as never;
    },
  };
}
