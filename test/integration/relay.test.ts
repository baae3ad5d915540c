import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { DEFAULTS } from "../../core/code/defaults.ts";
import { Unavailable } from "../../core/errors.ts";
import { eventSchema, type QrEvent } from "../../core/events/schema.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import type { MetricName } from "../../core/telemetry/metrics.ts";
import { mskBrokers } from "../../data/kafka/msk.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import type { OutboxEntry } from "../../data/merge-heads.ts";
import { insertCode } from "../../data/postgres/change-codes.ts";
import type { Db } from "../../data/postgres/db.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { RedisFailure, type RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import { batches } from "../../functions/relay/batch.ts";
import { createHandler } from "../../functions/relay/handler.ts";
import { type RelayOptions, type RelayReport, runRelay } from "../../functions/relay/relay.ts";
import { EnvironmentError, readEnv } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { inTurn } from "../support/in-turn.ts";
import { recordLog } from "../support/log-recorder.ts";
import { personOf } from "../support/person.ts";
import { capturedScan, streamEntry } from "../support/scan-events.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { CRAWLER, PHONE } from "../support/user-agents.ts";

const TARGET = "https://example.com/";

let redisServer: RedisServer | undefined;
let redis: RedisPort;
/** Refuses commands while it says so. */
let refuses: (name: string) => boolean;
let stack: TestStack;

beforeAll(async () => {
  redisServer = findRedisServer() ? await startRedisServer() : undefined;
  redis = redisServer ? respRedis(redisServer.url, 5_000) : memoryRedis();
  stack = await startTestStack({ redis: breakable(redis) });
});
beforeEach(async () => {
  refuses = () => false;
  await redis.command("FLUSHALL");
  await stack.database.sql("TRUNCATE event_outbox, pending_invalidations, dead_letters, qr_codes");
  stack.log.lines.length = 0;
});
afterAll(async () => {
  await stack.close();
  await redisServer?.stop();
});

function breakable(port: RedisPort): RedisPort {
  const unless = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    // An answer that does not trip the breaker, which would be open for a second.
    if (refuses(name)) throw new RedisFailure("refused", "test");
    return call();
  };
  return {
    command: (name, ...args) => unless(name, () => port.command(name, ...args)),
    script: (script, keys, args) => unless(script.name, () => port.script(script, keys, args)),
    close: () => port.close(),
  };
}

interface FakePublisher extends Publisher {
  /** What was acknowledged, batch by batch. */
  readonly batches: QrEvent[][];
  readonly events: QrEvent[];
  /** Called with each batch before it is acknowledged; may reject, or take its time. */
  meanwhile: (events: QrEvent[]) => Promise<void>;
}

function fakePublisher(meanwhile: FakePublisher["meanwhile"] = async () => {}): FakePublisher {
  const published: QrEvent[][] = [];
  return {
    batches: published,
    get events() {
      return published.flat();
    },
    meanwhile,
    async publish(events) {
      await this.meanwhile(events);
      published.push(events);
    },
    async close() {},
  };
}

/** Until the outbox is drained, unless told otherwise. */
function relay(
  publisher: Publisher,
  options: Partial<RelayOptions> = {},
  services: Partial<Services> = {},
): Promise<RelayReport> {
  const signal = options.signal ?? AbortSignal.timeout(15_000);
  return runRelay({ ...stack.services, ...services }, publisher, {
    outboxMaxLength: 100_000,
    idleMs: 0,
    ...options,
    signal,
  });
}

/** Until the publisher has refused once. */
function relayRefused(
  options: Partial<RelayOptions> = {},
  services: Partial<Services> = {},
): Promise<RelayReport> {
  const stopping = new AbortController();
  const publisher = fakePublisher(async () => {
    stopping.abort();
    throw new Error("no broker");
  });
  return relay(publisher, { ...options, signal: stopping.signal }, services);
}

const downDb: Db = {
  read: () => Promise.reject(new Unavailable("the database")),
  readWithin: () => Promise.reject(new Unavailable("the database")),
  write: () => Promise.reject(new Unavailable("the database")),
  transaction: () => Promise.reject(new Unavailable("the database")),
  autocommit: () => Promise.reject(new Unavailable("the database")),
  close: async () => {},
};

const captured = (qrId = "qr-1", fields: Partial<CapturedScan> = {}) => capturedScan({ qrId, ...fields });

/** Puts scans into the stream, as the scan's script does. */
async function intoStream(scans: CapturedScan[], target = TARGET): Promise<void> {
  await inTurn(
    redis,
    scans.map((scan) => ["XADD", CacheKeys.outbox, "*", ...streamEntry(scan, target)]),
  );
}

/** Puts scans into the table, as the redirect does without Redis. */
async function intoTable(scans: CapturedScan[]): Promise<void> {
  for (const { eventId, qrId, occurredAt, ...details } of scans) {
    await stack.services.db.write(
      `INSERT INTO event_outbox (event_id, type, occurred_at, tenant_id, qr_id, payload)
       VALUES ($1, 'qr.scanned', $2, 'tenant_a', $3, $4)`,
      [eventId, new Date(occurredAt), qrId, { ...details, targetUrl: TARGET }],
    );
  }
}

const many = (count: number, fields: Partial<CapturedScan> = {}) =>
  Array.from({ length: count }, () => captured("qr-1", fields));
const idsOf = (events: { eventId: string }[]) => events.map(({ eventId }) => eventId);
const inStream = async () => Number(await redis.command("XLEN", CacheKeys.outbox));
const inTable = async () =>
  (await stack.services.db.read("SELECT event_id, type, payload FROM event_outbox ORDER BY event_id", []))
    .length;
const pending = async () => (await stack.services.db.read("SELECT id FROM pending_invalidations", [])).length;

async function deadLetters() {
  return stack.services.db.read<{ topic: string; offset: string; reason: string; value: string }>(
    `SELECT topic, "offset", reason, value FROM dead_letters ORDER BY topic, "offset"`,
    [],
  );
}

const json = (method: string, path: string, body?: unknown) =>
  stack.call(path, { method, ...(body === undefined ? {} : { json: body }) });
const create = (fields: Record<string, unknown> = {}) =>
  json("POST", "/generate", { targetUrl: TARGET, ...fields });
const scan = (qrId: string, headers: Record<string, string> = {}) =>
  stack.call(`/scan/${qrId}`, { tenant: null, headers: { "user-agent": PHONE, ...headers } });

describe("the relay deletes only what was acknowledged:", () => {
  it("all of it, from both places, once it is", async () => {
    const [streamed, tabled] = [many(5), many(5)];
    await intoStream(streamed);
    await intoTable(tabled);
    const publisher = fakePublisher();
    expect(await relay(publisher)).toEqual({
      published: 10,
      failures: 0,
      spilled: 0,
      invalidations: 0,
      depth: 0,
      oldestAgeMs: 0,
    });
    expect(idsOf(publisher.events)).toEqual(idsOf([...streamed, ...tabled]));
    expect([await inStream(), await inTable()]).toEqual([0, 0]);
    expect(await relay(publisher)).toMatchObject({ published: 0 });
    expect(publisher.events).toHaveLength(10);
  });

  it("nothing while it is refused, and all of it later", async () => {
    await intoStream(many(3));
    await intoTable(many(2));
    const report = await relayRefused();
    expect(report).toMatchObject({ published: 0, failures: 1, depth: 5 });
    expect([await inStream(), await inTable()]).toEqual([3, 2]);
    expect(await relay(fakePublisher())).toMatchObject({ published: 5, depth: 0 });
  });

  it("the batches before the one that is refused, which comes again and alone", async () => {
    const scans = many(900);
    await intoStream(scans, `https://example.com/${"x".repeat(2_000)}`);
    let attempts = 0;
    const publisher = fakePublisher(async () => {
      if (++attempts === 2) throw new Error("no broker");
    });
    const report = await relay(publisher);
    expect(publisher.batches.length).toBeGreaterThan(2);
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
    expect(report).toMatchObject({ published: 900, failures: 1, depth: 0 });
  });

  it("nothing before the acknowledgement, however long that takes", async () => {
    await intoStream(many(3));
    await intoTable(many(1));
    const { promise: acknowledgement, resolve: acknowledge } = Promise.withResolvers<void>();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const publisher = fakePublisher(() => {
      ask();
      return acknowledgement;
    });
    const stopping = new AbortController();
    let ended = false;
    const run = relay(publisher, { signal: stopping.signal }).finally(() => {
      ended = true;
    });
    await asked;
    stopping.abort();
    // Whatever the relay had sent either of them by now is carried out before.
    for (let look = 0; look < 20; look++) await Promise.all([inStream(), inTable()]);
    // The batch that is under way is seen through.
    expect([ended, await inStream(), await inTable()]).toEqual([false, 3, 1]);
    acknowledge();
    expect(await run).toMatchObject({ published: 4, depth: 0 });
    expect([await inStream(), await inTable()]).toEqual([0, 0]);
  });

  it("what it could not delete is published again, as the same events", async () => {
    const [streamed, tabled] = [many(2), many(2)];
    await intoStream(streamed);
    await intoTable(tabled);
    const publisher = fakePublisher();
    let left = 1;
    refuses = (name) => name === "XDEL" && left-- > 0;
    expect(await relay(publisher)).toMatchObject({ failures: 1, depth: 0 });
    expect(publisher.batches.map(idsOf)).toEqual([
      idsOf([...streamed, ...tabled]),
      idsOf([...streamed, ...tabled]),
    ]);
  });
});

describe("the relay keeps the order", () => {
  it("of a code's events, whichever way they took", async () => {
    const scans = many(40);
    await intoStream(scans.filter((_, index) => index % 3 !== 0));
    await intoTable(scans.filter((_, index) => index % 3 === 0).toReversed());
    const publisher = fakePublisher();
    await relay(publisher);
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
  });

  it("where one place holds more than it reads at once", async () => {
    const scans = many(2_300);
    const tabled = new Set([0, 500, 1_100, 1_101, 2_200, 2_299]);
    await intoStream(scans.filter((_, index) => !tabled.has(index)));
    await intoTable(scans.filter((_, index) => tabled.has(index)));
    const publisher = fakePublisher();
    await relay(publisher);
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
  });

  it("where what it reads at once holds entries that are none", async () => {
    const scans = many(1_200);
    await redis.command("XADD", CacheKeys.outbox, "*", "no", "scan");
    await intoStream(scans.slice(0, 1_199));
    await intoTable(scans.slice(1_199));
    const publisher = fakePublisher();
    await relay(publisher);
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
  });

  it("of what was moved to the database while nothing could be published", async () => {
    const scans = many(30);
    await intoStream(scans);
    const stopped = await relayRefused({ outboxMaxLength: 20 });
    expect(stopped).toMatchObject({ spilled: 20, depth: 30 });
    expect([await inStream(), await inTable()]).toEqual([10, 20]);
    const publisher = fakePublisher();
    await relay(publisher);
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
    expect(
      new Set(publisher.events.map((event) => JSON.stringify({ ...event, eventId: "", occurredAt: "" })))
        .size,
    ).toBe(1);
  });
});

describe("a batch is bounded", () => {
  it("in events", async () => {
    await intoStream(many(2_100));
    const publisher = fakePublisher();
    await relay(publisher);
    expect(publisher.batches.map(({ length }) => length)).toEqual([1_000, 1_000, 100]);
  });

  it("in bytes", async () => {
    await intoStream(many(1_000), `https://example.com/${"x".repeat(2_000)}`);
    const publisher = fakePublisher();
    await relay(publisher);
    expect(publisher.events).toHaveLength(1_000);
    const sizes = publisher.batches.map((events) =>
      Buffer.byteLength(events.map((e) => JSON.stringify(e)).join("")),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(900_000);
    expect(sizes).toHaveLength(Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 900_000));
  });

  it("and no event is too large for one", () => {
    const entry = (length: number) => ({ event: { qrId: "x".repeat(length) } }) as unknown as OutboxEntry;
    const entries = [entry(10), entry(500), entry(10), entry(10)];
    expect([...batches(entries, 3, 100)]).toEqual([[entries[0]], [entries[1]], entries.slice(2)]);
    expect([...batches([])]).toEqual([]);
  });
});

describe("a run ends", () => {
  it("when nothing has come for as long as it was told to wait", async () => {
    const publisher = fakePublisher();
    let [time, looks] = [Date.now(), 0];
    const now = () => {
      looks += 1;
      return time;
    };
    let ended = false;
    const run = relay(publisher, { idleMs: 1_000 }, { now }).finally(() => {
      ended = true;
    });
    /** Until it has looked at the clock in a turn that began after this, and found nothing to do. */
    const goesOn = async () => {
      const before = looks;
      await vi.waitFor(() => expect(looks).toBeGreaterThan(before + 4), { timeout: 10_000 });
      expect(ended).toBe(false);
    };
    await goesOn();
    time += 999;
    await goesOn();
    await intoStream(many(1));
    await vi.waitFor(() => expect(publisher.events).toHaveLength(1), { timeout: 10_000 });
    await goesOn();
    // What came in between starts the wait again.
    time += 999;
    await goesOn();
    time += 1;
    expect(await run).toMatchObject({ published: 1 });
  });

  it("before it began if its signal fired before", async () => {
    await intoStream(many(1));
    expect(await relay(fakePublisher(), { signal: AbortSignal.abort() })).toMatchObject({
      published: 0,
      depth: 1,
    });
  });

  it("in the function, well before the function's own time is over", async () => {
    const written: string[] = [];
    const metrics = { add: (name: MetricName) => void written.push(name), flush() {} };
    // Nothing but the signal ends a run for which no time passes.
    const time = Date.now();
    const handler = createHandler({ ...stack.services, metrics, now: () => time }, fakePublisher());
    await intoStream(many(1));
    expect(await handler({}, { getRemainingTimeInMillis: () => 24_000 })).toMatchObject({ published: 1 });
    expect(stack.log.lines.at(-1)).toMatchObject({ message: "relay run", fields: { published: 1 } });
    expect(written).toEqual(expect.arrayContaining(["EventLoopDelay", "RelayPublished", "RedisUsedMemory"]));
  });
});

describe("what is no event", () => {
  const valid = streamEntry(captured());
  it.each([
    ["no fields of a scan", ["foo", "bar"]],
    ["an event that is no JSON", ["event", "{", ...valid.slice(2)]],
    ["an event that lacks a field", ["event", JSON.stringify({ qrId: "qr-1" }), ...valid.slice(2)]],
    [
      "a time that is none",
      ["event", JSON.stringify(captured("qr-1", { occurredAt: 1e300 })), ...valid.slice(2)],
    ],
    ["no tenant", valid.slice(0, 2)],
    ["bytes that are no text", ["event", "\0\ud83d", ...valid.slice(2)]],
  ])("goes from the stream to the dead letters (%s), and nothing waits for it", async (_name, fields) => {
    const scans = many(2);
    await intoStream(scans.slice(0, 1));
    const id = String(await redis.command("XADD", CacheKeys.outbox, "*", ...fields));
    await intoStream(scans.slice(1));
    const publisher = fakePublisher();
    expect(await relay(publisher)).toMatchObject({ published: 2, failures: 0, depth: 0 });
    expect(idsOf(publisher.events)).toEqual(idsOf(scans));
    expect(await deadLetters()).toEqual([
      {
        topic: CacheKeys.outbox,
        offset: id,
        reason: "the outbox entry is no captured scan",
        value: expect.any(String),
      },
    ]);
  });

  it("goes from the table to the dead letters, and nothing waits for it", async () => {
    const scans = many(3);
    await intoTable(scans);
    const [, broken] = scans;
    await stack.services.db.write(`UPDATE event_outbox SET payload = '{"secret": 1}' WHERE event_id = $1`, [
      broken?.eventId,
    ]);
    const publisher = fakePublisher();
    expect(await relay(publisher)).toMatchObject({ published: 2, failures: 0, depth: 0 });
    expect(idsOf(publisher.events)).toEqual(idsOf(scans.filter((event) => event !== broken)));
    const [dead, ...others] = await deadLetters();
    expect(others).toEqual([]);
    expect(dead).toMatchObject({ topic: "event_outbox", offset: broken?.eventId });
    expect(JSON.parse(Buffer.from(dead?.value ?? "", "base64").toString())).toMatchObject({
      event_id: broken?.eventId,
      payload: { secret: 1 },
    });
  });

  it("does not keep scans from being published while there is no database to keep it in", async () => {
    await redis.command("XADD", CacheKeys.outbox, "*", "foo", "bar");
    await intoStream(many(2));
    const publisher = fakePublisher();
    expect(await relay(publisher, {}, { db: downDb })).toMatchObject({ published: 2, failures: 0, depth: 1 });
    expect(await relay(publisher)).toMatchObject({ published: 0, depth: 0 });
    expect(await deadLetters()).toHaveLength(1);
  });
});

describe("an outage", () => {
  it("is told in one line, and its end in another", async () => {
    await intoStream(many(1));
    let attempts = 0;
    const publisher = fakePublisher(async () => {
      if (++attempts <= 3) throw new Error("no broker");
    });
    expect(await relay(publisher)).toMatchObject({ failures: 3, published: 1 });
    expect(stack.log.lines).toEqual([
      {
        level: "warn",
        message: "the relay can't publish; events wait in the outbox",
        fields: { error: expect.objectContaining({ message: "no broker" }) },
      },
      { level: "info", message: "the relay publishes again", fields: {} },
    ]);
  });

  it("of Redis leaves the table to be published", async () => {
    await intoStream(many(1));
    await intoTable(many(2));
    refuses = () => true;
    const publisher = fakePublisher();
    expect(await relay(publisher)).toMatchObject({ published: 2, failures: 0 });
    refuses = () => false;
    expect([await inStream(), await inTable()]).toEqual([1, 0]);
  });

  it("of the database leaves the stream to be published", async () => {
    await intoStream(many(2));
    await intoTable(many(1));
    expect(await relay(fakePublisher(), {}, { db: downDb })).toMatchObject({ published: 2, failures: 0 });
    expect([await inStream(), await inTable()]).toEqual([0, 1]);
  });
});

describe("the report tells how much waits, and for how long the oldest has,", () => {
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;

  it("in the stream", async () => {
    await intoStream(many(3));
    const { depth, oldestAgeMs } = await relayRefused({}, { now: () => Date.now() + 600_000 });
    expect(depth).toBe(3);
    expect(oldestAgeMs).toBeGreaterThanOrEqual(600_000);
    expect(oldestAgeMs).toBeLessThan(610_000);
  });

  it("in the table", async () => {
    await intoStream(many(1));
    await intoTable([captured("qr-1", { occurredAt: minutesAgo(20) }), captured()]);
    const { depth, oldestAgeMs } = await relayRefused();
    expect(depth).toBe(3);
    expect(oldestAgeMs).toBeGreaterThanOrEqual(1_200_000);
    expect(oldestAgeMs).toBeLessThan(1_210_000);
  });

  it("in the place that answers if the other does not", async () => {
    await intoStream(many(1));
    await intoTable(many(2));
    refuses = () => true;
    expect(await relayRefused()).toMatchObject({ depth: 2 });
    refuses = () => false;
    expect(await relayRefused()).toMatchObject({ depth: 3 });
    expect(await relayRefused({}, { db: downDb })).toMatchObject({ depth: 1 });
  });
});

describe("an invalidation that Redis did not confirm", () => {
  const target = async (qrId: string) => (await scan(qrId)).headers.get("location");
  const shown = async (qrId: string) =>
    ((await (await stack.call(`/qr/${qrId}`)).json()) as { targetUrl: string }).targetUrl;
  /** As if the request that wrote them had ended a while ago. */
  const age = () =>
    stack.database.sql("UPDATE pending_invalidations SET created_at = now() - interval '2 seconds'");

  /** A code that is cached everywhere, and was then changed behind Redis's back. */
  async function staleCode(qrId: string, change: () => Promise<Response>): Promise<void> {
    await create({ qrId });
    await stack.call("/qr");
    expect([await target(qrId), await shown(qrId)]).toEqual([TARGET, TARGET]);
    refuses = () => true;
    expect((await change()).ok).toBe(true);
    refuses = () => false;
    await redis.command("DEL", CacheKeys.outbox);
    await stack.database.sql("TRUNCATE event_outbox");
  }

  it("is replayed: the old value is gone from everywhere, and so is the pending row", async () => {
    const NEW = "https://example.com/new";
    await staleCode("stale", () => json("PATCH", "/qr/stale", { targetUrl: NEW }));
    expect([await target("stale"), await shown("stale"), await pending()]).toEqual([TARGET, TARGET, 1]);

    await age();
    expect(await relay(fakePublisher())).toMatchObject({ invalidations: 1 });
    expect(await pending()).toBe(0);
    expect([await target("stale"), await shown("stale")]).toEqual([NEW, NEW]);
    const { qrCodes } = (await (await stack.call("/qr")).json()) as { qrCodes: { targetUrl: string }[] };
    expect(qrCodes.map(({ targetUrl }) => targetUrl)).toEqual([NEW]);
  });

  it("is replayed with all others; one that Redis does not confirm stays, and while it is down one is tried", async () => {
    for (const qrId of ["first", "second", "third"])
      await staleCode(qrId, () => json("PATCH", `/qr/${qrId}`, { status: "paused" }));
    await age();
    let tried = 0;
    refuses = (name) => name === "invalidate" && ++tried > 0;
    expect([await replayInvalidations(stack.services), tried, await pending()]).toEqual([0, 1, 3]);
    tried = 0;
    refuses = (name) => name === "invalidate" && ++tried === 2;
    expect([await replayInvalidations(stack.services), tried, await pending()]).toEqual([2, 3, 1]);
    refuses = () => false;
    expect([await replayInvalidations(stack.services), await pending()]).toEqual([1, 0]);
    for (const qrId of ["first", "second", "third"]) expect((await scan(qrId)).status).toBe(410);
  });

  it("is replayed for a deletion, which takes the counters along", async () => {
    await staleCode("deleted", () => json("DELETE", "/qr/deleted"));
    expect(await target("deleted")).toBe(TARGET);
    await age();
    expect(await relay(fakePublisher())).toMatchObject({ invalidations: 1 });
    expect((await scan("deleted")).status).toBe(410);
    const counters = [CacheKeys.scanCount("deleted")];
    for (const day of [0, 86_400_000]) {
      counters.push(
        CacheKeys.dailyScanCount("deleted", new Date(Date.now() - day).toISOString().slice(0, 10)),
      );
    }
    expect(await redis.command("MGET", ...counters)).toEqual([null, null, null]);
  });

  it("is replayed while nothing can be published", async () => {
    await staleCode("stale", () => json("PATCH", "/qr/stale", { status: "paused" }));
    await age();
    await intoStream(many(1));
    const report = await relayRefused();
    expect(report).toMatchObject({ invalidations: 1, published: 0 });
    expect((await scan("stale")).status).toBe(410);
  });

  it("stays while Redis is down, and keeps nothing from being published", async () => {
    await staleCode("stale", () => json("PATCH", "/qr/stale", { name: "x" }));
    await age();
    await intoTable(many(1));
    refuses = () => true;
    expect(await relay(fakePublisher())).toMatchObject({ invalidations: 0, published: 1 });
    expect(await pending()).toBe(1);
  });

  it("is left to its request for the first second", async () => {
    await staleCode("stale", () => json("PATCH", "/qr/stale", { name: "x" }));
    await stack.database.sql("UPDATE pending_invalidations SET created_at = now() + interval '1 minute'");
    expect(await relay(fakePublisher())).toMatchObject({ invalidations: 0 });
    expect(await pending()).toBe(1);
  });
});

describe("the change of a code", () => {
  const rows = () =>
    stack.services.db.read<{ type: string; payload: unknown }>(
      "SELECT type, payload FROM event_outbox ORDER BY event_id",
      [],
    );
  const codes = async () => (await stack.services.db.read("SELECT qr_id FROM qr_codes", [])).length;

  it("is published with its scans, in the order in which all of it happened", async () => {
    await create({ qrId: "life" });
    await scan("life");
    await json("PATCH", "/qr/life", { targetUrl: "https://example.com/2", status: "paused" });
    await json("PATCH", "/qr/life", { status: "active" });
    refuses = (name) => name === "scan";
    await scan("life");
    refuses = () => false;
    await scan("life");
    await json("DELETE", "/qr/life");
    const publisher = fakePublisher();
    await relay(publisher);
    expect(publisher.events).toMatchObject([
      { type: "qr.created", targetUrl: TARGET, status: "active" },
      { type: "qr.scanned", targetUrl: TARGET },
      { type: "qr.updated", targetUrl: "https://example.com/2", status: "paused" },
      { type: "qr.updated", targetUrl: "https://example.com/2", status: "active" },
      { type: "qr.scanned", targetUrl: "https://example.com/2" },
      { type: "qr.scanned", targetUrl: "https://example.com/2" },
      { type: "qr.deleted" },
    ]);
    for (const event of publisher.events) {
      expect(eventSchema.parse(event)).toEqual(event);
      expect(event).toMatchObject({ qrId: "life", tenantId: "tenant_a" });
    }
    const times = publisher.events.map(({ occurredAt }) => occurredAt);
    expect(times).toEqual(times.toSorted());
  });

  it("leaves no event if it is refused", async () => {
    await create({ qrId: "taken" });
    await stack.database.sql("TRUNCATE event_outbox");
    const refused = [
      await create({ qrId: "taken" }),
      await create({ targetUrl: "ftp://example.com/" }),
      await json("PATCH", "/qr/never-was", { name: "x" }),
      await json("DELETE", "/qr/never-was"),
      await stack.call("/qr/taken", { method: "DELETE", tenant: "tenant_b" }),
      await create({ qrId: "window", startsAt: "2030-01-02T00:00:00Z", expiresAt: "2030-01-01T00:00:00Z" }),
    ];
    await json("PATCH", "/qr/taken", { startsAt: "2030-01-01T00:00:00Z" });
    refused.push(await json("PATCH", "/qr/taken", { expiresAt: "2029-01-01T00:00:00Z" }));
    expect(refused.map(({ status }) => status)).toEqual([409, 400, 404, 404, 404, 400, 400]);
    expect(await rows()).toMatchObject([{ type: "qr.updated" }]);
  });

  it("leaves no event if it is rolled back", async () => {
    const fields = { ...DEFAULTS, targetUrl: TARGET };
    const work = stack.services.db.transaction(async (query) => {
      const of = { ...personOf("tenant_a"), qrId: "rolled-back", now: new Date().toISOString() };
      expect(await insertCode(query, of, fields)).toBeDefined();
      throw new Error("after all");
    });
    await expect(work).rejects.toThrow("after all");
    expect([await rows(), await codes(), await pending()]).toEqual([[], 0, 0]);
  });

  it("does not happen if its event can't be stored", async () => {
    await create({ qrId: "kept" });
    await stack.database.sql("TRUNCATE event_outbox");
    await stack.database.sql("ALTER TABLE event_outbox ADD CONSTRAINT refusal CHECK (false)");
    try {
      expect((await create({ qrId: "not-made" })).status).toBe(500);
      expect((await json("PATCH", "/qr/kept", { name: "changed" })).status).toBe(500);
      expect((await json("DELETE", "/qr/kept")).status).toBe(500);
    } finally {
      await stack.database.sql("ALTER TABLE event_outbox DROP CONSTRAINT refusal");
    }
    expect(await (await stack.call("/qr/kept")).json()).toMatchObject({ name: null });
    expect((await stack.call("/qr/not-made")).status).toBe(404);
  });

  it("is told once if the request is repeated with its idempotency key", async () => {
    for (let round = 0; round < 2; round++) {
      const reply = await stack.call("/generate", {
        method: "POST",
        json: { targetUrl: TARGET },
        headers: { "idempotency-key": "once" },
      });
      expect(reply.ok).toBe(true);
    }
    expect(await rows()).toMatchObject([{ type: "qr.created" }]);
  });
});

describe("what is published", () => {
  it("holds neither the user agent nor the address of whoever scanned, whichever way it took", async () => {
    const agent = "Ada Lovelace/1.0 (her own phone, number 5551234) hello";
    const headers = {
      "user-agent": agent,
      "x-forwarded-for": "203.0.113.99",
      referer: "https://www.a.example./b?c=d",
    };
    await create({ qrId: "private" });
    await scan("private", headers);
    refuses = (name) => name === "scan";
    await scan("private", headers);
    refuses = () => false;
    await scan("private", { ...headers, "user-agent": CRAWLER });
    const publisher = fakePublisher();
    await relay(publisher);
    const scans = publisher.events.filter(({ type }) => type === "qr.scanned");
    expect(scans).toHaveLength(3);
    for (const event of scans) {
      expect(Object.keys(event).toSorted()).toEqual(
        [
          ...["eventId", "type", "version", "occurredAt", "tenantId", "qrId", "targetUrl", "bot", "country"],
          ...["device", "os", "browser", "referrerHost", "visitor"],
        ].toSorted(),
      );
      expect(event).toMatchObject({ referrerHost: "a.example" });
      const text = JSON.stringify(event);
      for (const secret of [
        "Ada",
        "Lovelace",
        "5551234",
        "her own",
        "Mozilla",
        "127.0.0.1",
        "203.0.113",
        "c=d",
      ]) {
        expect(text).not.toContain(secret);
      }
    }
  });
});

describe("the way to Kafka", () => {
  const ARN = "arn:aws:kafka:eu-west-1:123456789012:cluster/qr/0b1c2d3e-1";
  const log = recordLog();
  const config = (source: Record<string, string>) => kafkaConfig(readEnv(["kafka"], source), "test", log);
  const user = { KAFKA_USERNAME: "relay", KAFKA_PASSWORD: "secret" };

  it("leads to the brokers that are listed, in plain text unless told otherwise", async () => {
    const plain = await config({ KAFKA_BROKERS: "a:9092, b:9093" });
    expect(plain).toMatchObject({ brokers: ["a:9092", "b:9093"], ssl: false, clientId: "test" });
    expect(plain).not.toHaveProperty("sasl");
    expect(await config({ KAFKA_BROKERS: "a:9092", KAFKA_TLS: "true" })).toMatchObject({ ssl: true });
    expect(await config({ KAFKA_BROKERS: "a:9092", MSK_CLUSTER_ARN: ARN })).toMatchObject({
      brokers: ["a:9092"],
    });
  });

  it.each(["plain", "scram-sha-256", "scram-sha-512"])("signs in with %s", async (mechanism) => {
    const { sasl, ssl } = await config({ KAFKA_BROKERS: "a:9092", KAFKA_AUTH: mechanism, ...user });
    expect(sasl).toEqual({ mechanism, username: "relay", password: "secret" });
    expect(ssl).toBe(false);
  });

  it.each([
    ["no user", { KAFKA_AUTH: "plain", KAFKA_PASSWORD: "secret" }, /KAFKA_USERNAME.*KAFKA_PASSWORD.*plain/],
    [
      "no password",
      { KAFKA_AUTH: "scram-sha-512", KAFKA_USERNAME: "relay" },
      /KAFKA_PASSWORD.*scram-sha-512/,
    ],
    ["no cluster for its IAM", { KAFKA_AUTH: "msk-iam" }, /MSK_CLUSTER_ARN.*msk-iam/],
  ])("is refused with %s", async (_name, source, message) => {
    const wrong = config({ KAFKA_BROKERS: "a:9092", ...source });
    await expect(wrong).rejects.toThrow(EnvironmentError);
    await expect(wrong).rejects.toThrow(message);
    await expect(wrong).rejects.not.toThrow("secret");
  });

  it.each([
    [{}, /KAFKA_BROKERS or MSK_CLUSTER_ARN/],
    [{ KAFKA_BROKERS: "a" }, /KAFKA_BROKERS must be a list/],
    [{ KAFKA_BROKERS: "a:9092,,b:9092" }, /KAFKA_BROKERS must be a list/],
    [{ KAFKA_BROKERS: "a:9092", KAFKA_AUTH: "kerberos" }, /KAFKA_AUTH must be one of/],
    [{ KAFKA_BROKERS: "a:9092", KAFKA_TLS: "yes" }, /KAFKA_TLS must be one of/],
    [{ MSK_CLUSTER_ARN: "my-cluster" }, /MSK_CLUSTER_ARN must be/],
  ])("is refused if the environment says %j", async (source, message) => {
    await expect((async () => config(source))()).rejects.toThrow(message);
  });

  it("has deadlines that leave a run of the relay time for more than one attempt", async () => {
    const { connectionTimeout, requestTimeout } = await config({ KAFKA_BROKERS: "a:9092" });
    expect(connectionTimeout).toBe(3_000);
    expect(requestTimeout).toBe(5_000);
  });

  it.each([
    ["msk-iam", "BootstrapBrokerStringSaslIam", true],
    ["scram-sha-512", "BootstrapBrokerStringSaslScram", true],
    ["none", "BootstrapBrokerStringTls", true],
    ["none", "BootstrapBrokerString", false],
  ])("leads to an MSK cluster's brokers for %s (%s)", async (auth, field, tls) => {
    const asked: unknown[] = [];
    const answer: Record<string, string> = { [field]: "b-1:9098,b-2:9098", BootstrapBrokerString: "x:1" };
    if (field !== "BootstrapBrokerString") answer.BootstrapBrokerStringPublicTls = "y:1";
    else answer.BootstrapBrokerString = "b-1:9098,b-2:9098";
    const client = {
      send: async ({ input }: { input: unknown }) => {
        asked.push(input);
        return answer;
      },
    };
    const found = await mskBrokers(ARN, auth, client as never);
    expect(found).toEqual({ brokers: ["b-1:9098", "b-2:9098"], tls });
    expect(asked).toEqual([{ ClusterArn: ARN }]);
  });

  it.each(["msk-iam", "scram-sha-512", "scram-sha-256", "plain"])(
    "is refused if an MSK cluster does not offer %s",
    async (auth) => {
      const client = {
        send: async () => ({ BootstrapBrokerString: "x:1", BootstrapBrokerStringTls: "y:1" }),
      };
      await expect(mskBrokers(ARN, auth, client as never)).rejects.toThrow(`KAFKA_AUTH=${auth}`);
    },
  );

  /** What a process of its own has loaded and found once it knows the way. */
  async function inOwnProcess(source: Record<string, string>) {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { kafkaConfig } = await import(${JSON.stringify(join(import.meta.dirname, "../../functions/runtime/kafka-config.ts"))});
      const config = await kafkaConfig(${JSON.stringify(readEnv(["kafka"], source))}, "test", console);
      const token = await config.sasl?.oauthBearerProvider?.();
      const aws = loaded.filter((url) => /node_modules\\/(@aws-sdk|@smithy|aws-msk-iam)/.test(url));
      console.log(JSON.stringify({ aws: aws.length, ssl: config.ssl, mechanism: config.sasl?.mechanism, token }));`;
    const env = { ...process.env, AWS_ACCESS_KEY_ID: "AKIATEST", AWS_SECRET_ACCESS_KEY: "geheim" };
    const args = ["--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 15_000 });
    return JSON.parse(stdout) as { aws: number; ssl: boolean; mechanism?: string; token?: { value: string } };
  }

  it("loads nothing of AWS unless it leads there", async () => {
    expect(await inOwnProcess({ KAFKA_BROKERS: "a:9092", KAFKA_AUTH: "plain", ...user })).toEqual({
      aws: 0,
      ssl: false,
      mechanism: "plain",
    });
  });

  it("signs in to MSK with a token that AWS's own signer makes, over TLS", async () => {
    const source = { KAFKA_BROKERS: "b-1:9098", KAFKA_AUTH: "msk-iam", MSK_CLUSTER_ARN: ARN };
    const { aws, ssl, mechanism, token } = await inOwnProcess(source);
    expect(aws).toBeGreaterThan(0);
    expect([ssl, mechanism]).toEqual([true, "oauthbearer"]);
    const signed = new URL(Buffer.from(token?.value ?? "", "base64url").toString());
    expect(signed.host).toBe("kafka.eu-west-1.amazonaws.com");
    expect(signed.searchParams.get("Action")).toBe("kafka-cluster:Connect");
    expect(signed.href).not.toContain("geheim");
  });
});
