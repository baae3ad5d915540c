import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { createHandler } from "../../functions/persist-scans/handler.ts";
import { scanBatch, scannedEvent } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const NOON = Date.parse("2026-03-15T12:00:00.000Z");
const DATE = "2026-03-15";
const RETENTION_MONTHS = "60";

interface Page {
  qrCodes: { qrId: string; scans: number; today?: number }[];
  cached: boolean;
  date?: string;
  nextCursor?: string;
}

let redisServer: RedisServer | undefined;
let redis: RedisPort;
let redisIsDown: boolean;
/** What the service sent to Redis: command or script, and the keys. */
let sent: string[][];
let clock: () => number;
let stack: TestStack;
let persistScans: ReturnType<typeof createHandler>;
let tenants = 0;
let tenant: string;

beforeAll(async () => {
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  clock = () => NOON;
  stack = await startTestStack({ redis: watched(redis), now: () => clock(), env: { RETENTION_MONTHS } });
  await maintainPartitions(stack.services.db, NOON, Number(RETENTION_MONTHS));
  persistScans = createHandler(stack.services);
});
beforeEach(() => {
  redisIsDown = false;
  clock = () => NOON;
  tenant = `tenant_${++tenants}`;
  sent = [];
});
afterAll(async () => {
  await stack.close();
  await redisServer?.stop();
});

function watched(port: RedisPort): RedisPort {
  const noted = async <T>(call: readonly unknown[], run: () => Promise<T>): Promise<T> => {
    sent.push(call.map(String));
    if (redisIsDown) throw new RedisFailure("refused", "test");
    return run();
  };
  return {
    command: (name, ...args) => noted([name, ...args], () => port.command(name, ...args)),
    script: (script, keys, args) => noted([script.name, ...keys], () => port.script(script, keys, args)),
    close: () => port.close(),
  };
}

/** Makes codes of these IDs. While the clock stands still, a list has them by ID, the last one first. */
async function create(...qrIds: string[]): Promise<void> {
  for (const qrId of qrIds) {
    const json = { qrId, targetUrl: "https://example.com/" };
    const reply = await stack.call("/generate", { method: "POST", tenant, json });
    expect(reply.status).toBe(201);
  }
}

async function list(query = "?today=true"): Promise<Page> {
  const reply = await stack.call(`/qr${query}`, { tenant });
  expect(reply.status).toBe(200);
  return (await reply.json()) as Page;
}

/** Of each code its ID, its scans and those of today. */
const figures = ({ qrCodes }: Page) => qrCodes.map(({ qrId, scans, today }) => [qrId, scans, today]);

async function scan(qrId: string, times = 1): Promise<void> {
  for (let time = 0; time < times; time++)
    await stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
}

async function persist(qrId: string, occurredAt: string, times = 1): Promise<void> {
  const scans: ScannedEvent[] = Array.from({ length: times }, () => scannedEvent({ qrId, occurredAt }));
  await persistScans(scanBatch(scans));
}

const today = new Date(NOON).toISOString();
const yesterday = new Date(NOON - 86_400_000).toISOString();

describe("GET /qr?today=true", () => {
  it("gives every code its scans of the UTC day, as its figures do, cached or not", async () => {
    await create("day-1", "day-2", "day-3");
    await persist("day-2", yesterday, 2);
    await scan("day-1", 3);
    await scan("day-2");
    const expected = [
      ["day-3", 0, 0],
      ["day-2", 3, 1],
      ["day-1", 3, 3],
    ];
    for (const cached of [false, true]) {
      const page = await list();
      expect(page).toMatchObject({ cached, date: DATE });
      expect(figures(page)).toEqual(expected);
    }
    for (const [qrId, scans, onDay] of expected) {
      const reply = await stack.call(`/qr/${qrId}/stats`, { tenant });
      expect(await reply.json()).toMatchObject({ scans, today: onDay, date: DATE });
    }
  });

  it("gives them on every page and to every filter", async () => {
    await create("page-1", "page-2", "page-3");
    await scan("page-1", 2);
    expect(figures(await list("?q=page-1&today=true"))).toEqual([["page-1", 2, 2]]);
    expect(figures(await list("?status=active&today=true"))).toHaveLength(3);
    const first = await stack.call("/qr?limit=2&today=true", { tenant });
    const { nextCursor } = (await first.json()) as Page;
    expect(first.headers.get("link")).toContain("today=true");
    expect(figures(await list(`?limit=2&today=true&cursor=${nextCursor}`))).toEqual([["page-1", 2, 2]]);
  });

  it("starts anew at midnight, with the cached page and another tag", async () => {
    await create("night-1");
    clock = () => Date.parse("2026-03-15T23:59:59.999Z");
    await scan("night-1", 2);
    await list();
    const etag = (await stack.call("/qr?today=true", { tenant })).headers.get("etag") ?? "";
    const known = () => stack.call("/qr?today=true", { tenant, headers: { "if-none-match": etag } });
    expect((await known()).status).toBe(304);
    clock = () => Date.parse("2026-03-16T00:00:00.000Z");
    expect((await known()).status).toBe(200);
    const page = await list();
    expect(page).toMatchObject({ cached: true, date: "2026-03-16" });
    expect(figures(page)).toEqual([["night-1", 2, 0]]);
  });

  it("names one day for all figures, though midnight passes while they are read", async () => {
    await create("turn-1");
    const midnight = Date.parse("2026-03-20T00:00:00.000Z");
    const days: Record<string, number> = { "2026-03-19": 5, "2026-03-20": 3 };
    for (const [day, scans] of Object.entries(days))
      await redis.command("SET", CacheKeys.dailyScanCount("turn-1", day), String(scans));
    const seen = new Set<string>();
    for (let before = 0; before < 8; before++) {
      let looks = 0;
      clock = () => (looks++ < before ? midnight - 1 : midnight);
      const { date = "", qrCodes } = await list();
      expect(qrCodes[0]?.today).toBe(days[date]);
      seen.add(date);
    }
    expect([...seen].sort()).toEqual(Object.keys(days));
  });

  it("gives what is persisted while Redis fails, cached before or not", async () => {
    await create("down-1", "down-2");
    await persist("down-1", today, 2);
    await persist("down-1", yesterday);
    await list();
    redisIsDown = true;
    for (const query of ["?today=true", "?today=true&limit=5"]) {
      const page = await list(query);
      expect(page).toMatchObject({ cached: false, date: DATE });
      expect(figures(page)).toEqual([
        ["down-2", 0, 0],
        ["down-1", 3, 2],
      ]);
    }
  });

  it("heals the counters of the day when they were lost, whoever has cached the page since", async () => {
    await create("lost-1");
    await persist("lost-1", today, 2);
    for (const before of ["?today=true", ""]) {
      await redis.command("FLUSHALL");
      await list(before);
      expect(figures(await list())).toEqual([["lost-1", 2, 2]]);
      const counter = CacheKeys.dailyScanCount("lost-1", DATE);
      expect(await redis.command("GET", counter)).toBe("2");
      expect(Number(await redis.command("TTL", counter))).toBeGreaterThan(86_000);
    }
    expect((await list()).cached).toBe(true);
    expect((await list("")).cached).toBe(true);
  });

  it("is two commands when it is cached, the second with two counters of each code", async () => {
    await create("keys-1", "keys-2");
    await list();
    sent = [];
    await list();
    const counters = ["keys-2", "keys-1"].map(CacheKeys.scanCount);
    const daily = ["keys-2", "keys-1"].map((qrId) => CacheKeys.dailyScanCount(qrId, DATE));
    const lookUp = sent[0] ?? [];
    expect(lookUp).toContain(CacheKeys.list(tenant));
    expect(sent).toEqual([lookUp, ["MGET", ...counters, ...daily]]);
    sent = [];
    await list("");
    expect(sent).toEqual([lookUp, ["MGET", ...counters]]);
  });

  it("changes nothing of the list without it", async () => {
    await create("same-1", "same-2");
    await scan("same-2");
    const read = async () => {
      const reply = await stack.call("/qr", { tenant });
      return { text: await reply.text(), etag: reply.headers.get("etag") };
    };
    await read();
    const before = await read();
    expect(before.text).not.toContain("today");
    expect(before.text).not.toContain('date"');
    await list();
    expect(await read()).toEqual(before);
  });

  it("has tags of its own: If-None-Match spares the page until a scan, and HEAD says so too", async () => {
    await create("tag-1");
    const ask = (method: string, etag?: string, path = "/qr?today=true") =>
      stack.call(path, { method, tenant, headers: etag === undefined ? {} : { "if-none-match": etag } });
    const etag = (await ask("GET")).headers.get("etag") ?? "";
    expect((await ask("GET", undefined, "/qr")).headers.get("etag")).not.toBe(etag);
    for (const method of ["GET", "HEAD"]) {
      const known = await ask(method, etag);
      expect([known.status, await known.text(), known.headers.get("etag")]).toEqual([304, "", etag]);
    }
    await scan("tag-1");
    for (const method of ["GET", "HEAD"]) expect((await ask(method, etag)).status).toBe(200);
  });
});
