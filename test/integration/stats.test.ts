import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { QrCode } from "../../core/code/qr-code.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { createHandler } from "../../functions/persist-scans/handler.ts";
import type { ScanStats } from "../../functions/stats/use-case.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { scanBatch, scannedEvent } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const NOON = Date.parse("2026-03-15T12:00:00.000Z");
const DAY_MS = 86_400_000;
const RETENTION_MONTHS = "60";

let database: TestDatabase;
let db: CountingDb;
let redisServer: RedisServer | undefined;
let redis: RedisPort;
let redisIsDown: boolean;
/** What the service sent to Redis: one entry for each round trip. */
let redisCalls: string[];
let clock: () => number;
let stack: TestStack;
let persistScans: ReturnType<typeof createHandler>;

beforeAll(async () => {
  database = await testDatabase();
  // A server that thinks in another zone must not move a scan to another day.
  const name = new URL(database.url).pathname.slice(1);
  await database.sql(`ALTER DATABASE "${name}" SET timezone TO 'Pacific/Auckland'`);
  db = countingDb(postgresDb({ connectionString: database.url }, { poolSize: 4, timeoutMs: 10_000 }));
  await maintainPartitions(db, Date.parse("2028-03-01T00:00:00.000Z"), Number(RETENTION_MONTHS));
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  stack = await startTestStack({
    db,
    redis: watched(redis),
    now: () => clock(),
    env: { RETENTION_MONTHS },
  });
  persistScans = createHandler(stack.services);
});
beforeEach(() => {
  redisIsDown = false;
  redisCalls = [];
  clock = () => NOON;
});
afterAll(async () => {
  await stack.close();
  await redisServer?.stop();
  await database.drop();
});

function watched(port: RedisPort): RedisPort {
  const noted = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    redisCalls.push(name);
    if (redisIsDown) throw new RedisFailure("refused", "test");
    return call();
  };
  return {
    command: (name, ...args) => noted(name, () => port.command(name, ...args)),
    script: (script, keys, args) => noted(script.name, () => port.script(script, keys, args)),
    close: () => port.close(),
  };
}

async function newCode(tenant = "tenant_a"): Promise<string> {
  const json = { targetUrl: "https://example.com/" };
  const reply = await stack.call("/generate", { method: "POST", tenant, json });
  return ((await reply.json()) as QrCode).qrId;
}

async function stats(qrId: string, query = "", tenant = "tenant_a"): Promise<ScanStats> {
  const reply = await stack.call(`/qr/${qrId}/stats${query}`, { tenant });
  expect(reply.status).toBe(200);
  return (await reply.json()) as ScanStats;
}

const scanNow = (qrId: string) =>
  stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });

/** A scan of the noon, unless told otherwise. */
const scan = (qrId: string, fields: Partial<ScannedEvent> = {}) =>
  scannedEvent({ qrId, occurredAt: new Date(NOON).toISOString(), country: null, ...fields });

/** All 24 hours with these scans. */
const hours = (scans: Record<number, number>) =>
  Array.from({ length: 24 }, (_, hour) => ({ hour, scans: scans[hour] ?? 0 }));

async function persist(events: ScannedEvent[]): Promise<void> {
  const told = await persistScans(scanBatch(events));
  expect(told).toEqual({ persisted: events.length, duplicates: 0, expired: 0, deadLetters: 0 });
}

describe("GET /qr/{qrId}/stats", () => {
  it("tells everything of a code that was scanned", async () => {
    const qrId = await newCode();
    const yesterday = { occurredAt: "2026-03-14T08:00:00.000Z" };
    await persist([
      scan(qrId, { country: "DE", referrerHost: "news.example" }),
      scan(qrId, { country: "DE", visitor: "visitor-2", browser: "Chrome", device: "tablet" }),
      scan(qrId, { country: "FR", occurredAt: "2026-03-15T11:59:59.999Z" }),
      scan(qrId, { bot: true, country: "US", browser: "Googlebot", device: "bot", visitor: "bot" }),
      scan(qrId, { ...yesterday, country: "FR" }),
      scan(qrId, { ...yesterday, bot: true }),
    ]);
    expect(await stats(qrId, "?days=3")).toEqual({
      qrId,
      scans: 4,
      today: 3,
      date: "2026-03-15",
      tz: "UTC",
      bots: 2,
      uniqueVisitors: 3,
      lastScannedAt: "2026-03-15T12:00:00.000Z",
      daily: [
        { date: "2026-03-13", scans: 0, unique: 0 },
        { date: "2026-03-14", scans: 1, unique: 1 },
        { date: "2026-03-15", scans: 3, unique: 2 },
      ],
      hourly: hours({ 8: 1, 11: 1, 12: 2 }),
      countries: [
        { value: "DE", scans: 2 },
        { value: "FR", scans: 2 },
      ],
      devices: [
        { value: "mobile", scans: 3 },
        { value: "tablet", scans: 1 },
      ],
      browsers: [
        { value: "Safari", scans: 3 },
        { value: "Chrome", scans: 1 },
      ],
      referrers: [{ value: "news.example", scans: 1 }],
      source: "redis",
    });
  });

  it("is complete for a code that was never scanned", async () => {
    const qrId = await newCode();
    expect(await stats(qrId, "?days=2")).toEqual({
      qrId,
      scans: 0,
      today: 0,
      date: "2026-03-15",
      tz: "UTC",
      bots: 0,
      uniqueVisitors: 0,
      lastScannedAt: null,
      hourly: hours({}),
      daily: [
        { date: "2026-03-14", scans: 0, unique: 0 },
        { date: "2026-03-15", scans: 0, unique: 0 },
      ],
      countries: [],
      devices: [],
      browsers: [],
      referrers: [],
      source: "redis",
    });
  });

  it("counts a scan at once, and shows it in the history when it is persisted", async () => {
    const qrId = await newCode();
    await scanNow(qrId);
    expect(await stats(qrId, "?days=1")).toMatchObject({
      scans: 1,
      today: 1,
      lastScannedAt: null,
      daily: [{ date: "2026-03-15", scans: 0, unique: 0 }],
    });
    await persist([scan(qrId)]);
    expect(await stats(qrId, "?days=1")).toMatchObject({
      scans: 1,
      today: 1,
      lastScannedAt: "2026-03-15T12:00:00.000Z",
      daily: [{ date: "2026-03-15", scans: 1, unique: 1 }],
    });
  });

  it("does not tell unknown countries and referrers as values", async () => {
    const qrId = await newCode();
    await persist([scan(qrId), scan(qrId, { country: "DE" }), scan(qrId, { referrerHost: "a.example" })]);
    const { countries, referrers, devices } = await stats(qrId);
    expect(countries).toEqual([{ value: "DE", scans: 1 }]);
    expect(referrers).toEqual([{ value: "a.example", scans: 1 }]);
    expect(devices).toEqual([{ value: "mobile", scans: 3 }]);
  });

  it("tells the 20 most frequent values of a dimension, also if made-up ones are endless", async () => {
    const qrId = await newCode();
    const host = (n: number) => `host-${String(n).padStart(2, "0")}.example`;
    const scans = [0, 1, 2].flatMap((day) =>
      Array.from({ length: 25 }, (_, n) =>
        Array.from({ length: n < 3 ? 3 - n : 1 }, () =>
          scan(qrId, { referrerHost: host(n), occurredAt: new Date(NOON - day * DAY_MS).toISOString() }),
        ),
      ).flat(),
    );
    await persist(scans.toReversed());
    const { referrers } = await stats(qrId);
    expect(referrers).toEqual(
      Array.from({ length: 20 }, (_, n) => ({ value: host(n), scans: n < 3 ? 3 * (3 - n) : 3 })),
    );
  });
});

describe("?days=", () => {
  it.each([
    ["", 30],
    ["?days=1", 1],
    ["?days=30", 30],
    ["?days=365", 365],
  ])("%j tells every day up to today, oldest first", async (query, length) => {
    const { daily } = await stats(await newCode(), query);
    expect(daily.map(({ date }) => date)).toEqual(
      Array.from({ length }, (_, index) =>
        new Date(NOON - (length - 1 - index) * DAY_MS).toISOString().slice(0, 10),
      ),
    );
    expect(daily.every(({ scans, unique }) => scans === 0 && unique === 0)).toBe(true);
  });

  it.each(["0", "366", "abc", "-1", "1.5", "1e2", "010", "", "%20", "1000", "30&days=5"])(
    "%s is refused",
    async (days) => {
      const reply = await stack.call(`/qr/any-code/stats?days=${days}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path: "days" }] });
    },
  );

  it("is the only thing that can be asked for", async () => {
    const reply = await stack.call("/qr/any-code/stats?day=3");
    expect(reply.status).toBe(400);
  });

  it("bounds every figure of the history but the last scan", async () => {
    const qrId = await newCode();
    const at = (occurredAt: string) => [
      scan(qrId, { occurredAt, country: "DE" }),
      scan(qrId, { occurredAt, bot: true }),
    ];
    await persist([...at("2026-03-12T23:59:59.999Z"), ...at("2026-03-10T00:00:00.000Z")]);
    expect(await stats(qrId, "?days=3")).toMatchObject({
      scans: 2,
      bots: 0,
      uniqueVisitors: 0,
      lastScannedAt: "2026-03-12T23:59:59.999Z",
      countries: [],
      devices: [],
    });
    expect(await stats(qrId, "?days=4")).toMatchObject({ bots: 1, uniqueVisitors: 1 });
    expect(await stats(qrId, "?days=6")).toMatchObject({
      bots: 2,
      uniqueVisitors: 2,
      countries: [{ value: "DE", scans: 2 }],
    });
  });
});

describe("the days are right", () => {
  it.each([
    ["midnight", "2026-03-15", "2026-03-16", "2026-03-17"],
    ["the end of a month", "2026-04-29", "2026-04-30", "2026-05-01"],
    ["the end of February", "2026-02-27", "2026-02-28", "2026-03-01"],
    ["a leap day", "2028-02-28", "2028-02-29", "2028-03-01"],
    ["the end of a year", "2025-12-30", "2025-12-31", "2026-01-01"],
    ["a change to summer time", "2026-03-28", "2026-03-29", "2026-03-30"],
  ])("across %s", async (_name, first, second, third) => {
    clock = () => Date.parse(`${third}T00:00:00.000Z`);
    const qrId = await newCode();
    const instants = [
      `${first}T00:00:00.000Z`,
      `${first}T23:59:59.999Z`,
      `${second}T00:00:00.000Z`,
      `${second}T12:00:00.000Z`,
      `${second}T23:59:59.999Z`,
      `${third}T00:00:00.000Z`,
    ];
    await persist(instants.map((occurredAt, n) => scan(qrId, { occurredAt, visitor: `v${n}` })));
    const shown = await stats(qrId, "?days=3");
    expect(shown).toMatchObject({ scans: 6, today: 1, date: third, lastScannedAt: instants[5] });
    expect(shown.daily).toEqual([
      { date: first, scans: 2, unique: 2 },
      { date: second, scans: 3, unique: 3 },
      { date: third, scans: 1, unique: 1 },
    ]);
    clock = () => Date.parse(`${third}T23:59:59.999Z`);
    expect(await stats(qrId, "?days=3")).toEqual(shown);
  });

  it("when `today` starts anew at midnight, while yesterday's counter is still alive", async () => {
    const qrId = await newCode();
    clock = () => Date.parse("2026-03-31T23:59:59.999Z");
    await scanNow(qrId);
    await scanNow(qrId);
    expect(await stats(qrId)).toMatchObject({ scans: 2, today: 2, date: "2026-03-31" });
    clock = () => Date.parse("2026-04-01T00:00:00.000Z");
    expect(await stats(qrId)).toMatchObject({ scans: 2, today: 0, date: "2026-04-01" });
    await scanNow(qrId);
    expect(await stats(qrId)).toMatchObject({ scans: 3, today: 1, date: "2026-04-01" });
    const counters = ["2026-03-31", "2026-04-01"].map((day) => CacheKeys.dailyScanCount(qrId, day));
    expect(await redis.command("MGET", ...counters)).toEqual(["2", "1"]);
  });

  it("when midnight passes while the figures are being read", async () => {
    const qrId = await newCode();
    const midnight = Date.parse("2026-03-20T00:00:00.000Z");
    await redis.command("SET", CacheKeys.dailyScanCount(qrId, "2026-03-19"), "5");
    await redis.command("SET", CacheKeys.dailyScanCount(qrId, "2026-03-20"), "3");
    const days = { "2026-03-19": 5, "2026-03-20": 3 };
    const seen = new Set<string>();
    for (let before = 0; before < 8; before++) {
      let looks = 0;
      clock = () => (looks++ < before ? midnight - 1 : midnight);
      const { date, today, daily } = await stats(qrId);
      expect([before, date, today]).toEqual([before, date, days[date as keyof typeof days]]);
      expect(daily.at(-1)?.date).toBe(date);
      seen.add(date);
    }
    expect([...seen].sort()).toEqual(Object.keys(days));
  });
});

describe("?tz=", () => {
  const at = (qrId: string, ...instants: string[]) =>
    persist(
      instants.map((each, n) => scan(qrId, { occurredAt: new Date(each).toISOString(), visitor: `v${n}` })),
    );
  const scansOf = ({ daily }: ScanStats) => daily.map(({ date, scans }) => [date, scans]);

  it("begins the days at the midnight of the zone, and tells the hours of its clocks", async () => {
    const qrId = await newCode();
    await at(qrId, "2026-03-14T18:14:59.999Z", "2026-03-14T18:15:00.000Z", "2026-03-15T10:59:00.000Z");
    const shown = await stats(qrId, "?days=2&tz=Asia/Kathmandu");
    expect(scansOf(shown)).toEqual([
      ["2026-03-14", 1],
      ["2026-03-15", 2],
    ]);
    expect(shown.hourly).toEqual(hours({ 0: 1, 16: 1, 23: 1 }));
    expect(shown).toMatchObject({ tz: "Asia/Kathmandu", scans: 3, date: "2026-03-15" });
  });

  it("holds for days of 23 and of 25 hours", async () => {
    const qrId = await newCode();
    clock = () => Date.parse("2026-03-30T12:00:00.000Z");
    // 00:00, 01:59 and 03:00 of a day without 02:00, and the midnight behind it.
    await at(
      qrId,
      "2026-03-28T23:00:00Z",
      "2026-03-29T00:59:00Z",
      "2026-03-29T01:00:00Z",
      "2026-03-29T22:00:00Z",
    );
    const spring = await stats(qrId, "?days=2&tz=Europe/Berlin");
    expect(scansOf(spring)).toEqual([
      ["2026-03-29", 3],
      ["2026-03-30", 1],
    ]);
    expect(spring.hourly).toEqual(hours({ 0: 2, 1: 1, 3: 1 }));
    const other = await newCode();
    clock = () => Date.parse("2026-10-25T22:59:59.999Z");
    // 02:30 twice.
    await at(other, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    const autumn = await stats(other, "?days=1&tz=Europe/Berlin");
    expect([scansOf(autumn), autumn.hourly]).toEqual([[["2026-10-25", 2]], hours({ 2: 2 })]);
  });

  it("ends with the day that the zone has, while `date` and `today` stay UTC's", async () => {
    const qrId = await newCode();
    for (const [tz, last] of [
      ["Pacific/Kiritimati", "2026-03-16"],
      ["UTC", "2026-03-15"],
      ["Pacific/Pago_Pago", "2026-03-15"],
    ]) {
      const { daily, date } = await stats(qrId, `?days=365&tz=${tz}`);
      expect([daily.length, daily.at(-1)?.date, date]).toEqual([365, last, "2026-03-15"]);
    }
  });

  it("counts visitors by UTC day all the same, and bots by its own days", async () => {
    const qrId = await newCode();
    const late = { occurredAt: "2026-03-14T23:30:00.000Z" };
    await persist([scan(qrId, late), scan(qrId, { ...late, bot: true })]);
    expect(await stats(qrId, "?days=1&tz=Europe/Berlin")).toMatchObject({
      daily: [{ date: "2026-03-15", scans: 1, unique: 0 }],
      bots: 1,
      uniqueVisitors: 0,
    });
    expect(await stats(qrId, "?days=1")).toMatchObject({ daily: [{ scans: 0 }], bots: 0 });
  });

  it("takes the names of UTC as UTC", async () => {
    const qrId = await newCode();
    for (const tz of ["utc", "Etc/UTC", "GMT"])
      expect(await stats(qrId, `?tz=${tz}`)).toMatchObject({ tz: "UTC" });
  });

  it("costs no further statement", async () => {
    const qrId = await newCode();
    await stats(qrId);
    expect(await db.during(() => stats(qrId, "?days=365&tz=Australia/Lord_Howe"))).toHaveLength(1);
  });

  it.each(["", "Mars/Olympus", "%2B01:00", "Europe", "UTC%00", "a".repeat(100)])(
    "%s is refused",
    async (tz) => {
      const reply = await stack.call(`/qr/any-code/stats?tz=${tz}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ errors: [{ path: "tz" }] });
    },
  );
});

describe("the cost of the figures", () => {
  it("is the same for 10 scans and for 10,000, over a day or a year", async () => {
    const [few, many] = [await newCode(), await newCode()];
    await persist(Array.from({ length: 10 }, (_, n) => scan(few, { visitor: `v${n}` })));
    for (let batch = 0; batch < 20; batch++) {
      await persist(
        Array.from({ length: 500 }, (_, n) =>
          scan(many, {
            visitor: `v${n}`,
            referrerHost: `host-${n % 50}.example`,
            occurredAt: new Date(NOON - (n % 50) * 7 * DAY_MS).toISOString(),
          }),
        ),
      );
    }
    expect(await stats(many, "?days=365")).toMatchObject({ scans: 10_000, source: "redis" });

    const cost = async (qrId: string, query: string) => {
      redisCalls = [];
      const statements = await db.during(() => stats(qrId, query));
      return { statements: statements.length, redis: redisCalls };
    };
    for (const query of ["?days=1", "?days=365"]) {
      await redis.command("DEL", CacheKeys.code("tenant_a", few), CacheKeys.code("tenant_a", many));
      const missed = await cost(many, query);
      expect(missed.statements).toBe(2);
      expect(await cost(few, query)).toEqual(missed);
      for (const qrId of [few, many]) {
        expect(await cost(qrId, query)).toEqual({ statements: 1, redis: ["MGET"] });
      }
    }
  });

  it("is nothing for a question that is refused", async () => {
    redisCalls = [];
    expect(await db.during(() => stack.call("/qr/any-code/stats?days=0"))).toEqual([]);
    expect(redisCalls).toEqual([]);
  });
});

describe("the figures of a code are its tenant's alone:", () => {
  it("anyone else gets the same 404 as for a code that never was", async () => {
    const qrId = await newCode();
    await persist([scan(qrId)]);
    const told = await Promise.all(
      [qrId, "never-was"].map(async (id) => {
        const reply = await stack.call(`/qr/${id}/stats`, { tenant: "tenant_b" });
        const { requestId: _requestId, ...problem } = (await reply.json()) as Record<string, unknown>;
        return JSON.stringify([reply.status, problem]).replaceAll(id, "<id>");
      }),
    );
    expect(told[0]).toContain("404");
    expect(told[1]).toBe(told[0]);
  });

  it("nobody gets those of a deleted code", async () => {
    const qrId = await newCode();
    await persist([scan(qrId)]);
    await stats(qrId);
    await stack.call(`/qr/${qrId}`, { method: "DELETE" });
    expect((await stack.call(`/qr/${qrId}/stats`)).status).toBe(404);
  });

  it("those of its other codes are not mixed in", async () => {
    const [qrId, other] = [await newCode(), await newCode()];
    await persist([scan(qrId), scan(other, { country: "DE" }), scan(other, { bot: true })]);
    expect(await stats(qrId)).toMatchObject({ scans: 1, bots: 0, uniqueVisitors: 1, countries: [] });
  });
});

describe("without Redis", () => {
  it("the figures are the durable ones", async () => {
    const qrId = await newCode();
    await persist([scan(qrId), scan(qrId), scan(qrId, { occurredAt: "2026-03-14T12:00:00.000Z" })]);
    await scanNow(qrId);
    expect(await stats(qrId)).toMatchObject({ scans: 4, today: 3, source: "redis" });
    redisIsDown = true;
    const shown = await stats(qrId, "?days=2");
    expect(shown).toMatchObject({ scans: 3, today: 2, date: "2026-03-15", source: "postgres" });
    expect(shown.daily.map(({ scans }) => scans)).toEqual([1, 2]);
  });
});

describe("a lost counter", () => {
  const shownByGet = async (qrId: string) => {
    const reply = await stack.call(`/qr/${qrId}`);
    return ((await reply.json()) as QrCode).scans;
  };
  const shownByList = async (qrId: string) => {
    const reply = await stack.call("/qr?limit=100");
    const { qrCodes } = (await reply.json()) as { qrCodes: QrCode[] };
    return qrCodes.find((code) => code.qrId === qrId)?.scans;
  };
  const shownByDefaultList = async (qrId: string) => {
    const reply = await stack.call("/qr");
    const { qrCodes } = (await reply.json()) as { qrCodes: QrCode[] };
    return qrCodes.find((code) => code.qrId === qrId)?.scans;
  };
  const shownByStats = async (qrId: string) => (await stats(qrId)).scans;
  const counter = (qrId: string) => redis.command("GET", CacheKeys.scanCount(qrId));

  it.each([
    ["code", shownByGet],
    ["list", shownByDefaultList],
    ["figures", shownByStats],
  ])("is shown as the durable figure, and heals, when the %s is read", async (_name, shown) => {
    const qrId = await newCode();
    await persist([scan(qrId), scan(qrId), scan(qrId)]);
    await redis.command("FLUSHALL");
    expect(await shown(qrId)).toBe(3);
    expect(await counter(qrId)).toBe("3");
    // From the cache by now.
    expect(await shown(qrId)).toBe(3);
    await scanNow(qrId);
    expect(await shown(qrId)).toBe(4);
  });

  it.each([
    ["code", shownByGet],
    ["list", shownByDefaultList],
    ["list's pages", shownByList],
    ["figures", shownByStats],
  ])("never hides scans that are not persisted yet when the %s is read", async (_name, shown) => {
    const qrId = await newCode();
    await persist([scan(qrId)]);
    await redis.command("SET", CacheKeys.scanCount(qrId), "7");
    for (const key of [CacheKeys.code("tenant_a", qrId), CacheKeys.list("tenant_a")]) {
      await redis.command("DEL", key);
    }
    expect(await shown(qrId)).toBe(7);
    expect(await counter(qrId)).toBe("7");
  });

  it("of today heals too, for the rest of the day at least", async () => {
    const qrId = await newCode();
    await persist([scan(qrId), scan(qrId)]);
    await redis.command("FLUSHALL");
    expect(await stats(qrId)).toMatchObject({ scans: 2, today: 2, source: "redis" });
    const today = CacheKeys.dailyScanCount(qrId, "2026-03-15");
    expect(await redis.command("GET", today)).toBe("2");
    expect(Number(await redis.command("TTL", today))).toBeGreaterThan(86_000);
  });

  it("is shown as the durable figure in a page of a list that is never cached", async () => {
    const qrId = await newCode();
    await persist([scan(qrId), scan(qrId)]);
    await redis.command("FLUSHALL");
    expect(await shownByList(qrId)).toBe(2);
  });
});
