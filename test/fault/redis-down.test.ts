import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { startUpstashServer } from "../support/upstash-server.ts";
import { PHONE } from "../support/user-agents.ts";

/** For a Redis that hangs, which is waited for. */
const TIMEOUT_MS = 600;

/** For one that is there or refuses: beyond what a busy machine ever takes, so that only the latter fails. */
const PATIENT_TIMEOUT_MS = 5_000;

/** The breaker's: failures in a row that open it, after which it probes once a second. */
const FAILURES_TO_OPEN = 5;

const OUTAGE = { level: "warn", message: "redis does not answer; the database answers instead" };
const RECOVERY = { level: "info", message: "redis answers again" };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A Redis that can go away and come back while the service runs, and what the service needs to find it. */
interface Outages {
  env: Record<string, string>;
  connect(): RedisPort;
  /** Connections break and new ones are refused. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Takes what is sent and answers nothing. */
  hang(): void;
  resume(): void;
}

async function ownRedis(): Promise<RedisServer> {
  const redis = await startRedisServer();
  cleanUps.push(redis.stop);
  return redis;
}

async function respOutages(): Promise<Outages> {
  const redis = await ownRedis();
  return {
    env: { REDIS_URL: redis.url },
    connect: () => respRedis(redis.url, TIMEOUT_MS),
    down: () => redis.kill(),
    up: () => redis.restart(),
    hang: () => process.kill(redis.pid, "SIGSTOP"),
    resume: () => process.kill(redis.pid, "SIGCONT"),
  };
}

/** Upstash behind a door of its own, which always has the same port. */
async function upstashOutages(): Promise<Outages> {
  const redis = await ownRedis();
  const upstash = await startUpstashServer(redis.url);
  cleanUps.push(upstash.stop);
  const door = await openDoor(Number(new URL(upstash.url).port));
  cleanUps.push(door.close);
  const url = `http://127.0.0.1:${door.port}`;
  return {
    env: { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: upstash.token },
    connect: () => upstashRedis(url, upstash.token, TIMEOUT_MS),
    down: door.close,
    up: door.open,
    hang: () => process.kill(redis.pid, "SIGSTOP"),
    resume: () => process.kill(redis.pid, "SIGCONT"),
  };
}

/** Passes TCP connections on to `target`. */
async function openDoor(target: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const beyond = connect(target, "127.0.0.1");
    for (const end of [socket, beyond]) {
      sockets.add(end);
      end.on("error", () => {});
      end.on("close", () => {
        sockets.delete(end);
        socket.destroy();
        beyond.destroy();
      });
    }
    socket.pipe(beyond).pipe(socket);
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    port,
    open: async () => void (await listen(port)),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function startService({ env }: Pick<Outages, "env">): Promise<TestStack> {
  const stack = await startTestStack({ env: { ...env, REDIS_TIMEOUT_MS: String(PATIENT_TIMEOUT_MS) } });
  cleanUps.push(() => stack.close());
  return stack;
}

/** The service over an adapter that tells how many calls came to it in vain: each of them has made a request wait. */
async function startWatchedService({ connect }: Outages) {
  const redis = connect();
  let waited = 0;
  const watch = <T>(call: Promise<T>) =>
    call.catch((error: unknown) => {
      waited += 1;
      throw error;
    });
  const watched: RedisPort = {
    command: (...call) => watch(redis.command(...call)),
    script: (...call) => watch(redis.script(...call)),
    close: () => redis.close(),
  };
  const stack = await startTestStack({ redis: watched });
  cleanUps.push(() => stack.close());
  return { stack, waited: () => waited };
}

/** Stops the breaker's clock; the function that is returned moves it on. */
function standStill(): (ms: number) => void {
  let time = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => time);
  return (ms) => {
    time += ms;
  };
}

async function create(stack: TestStack): Promise<string> {
  const reply = await stack.call("/generate", {
    method: "POST",
    json: { targetUrl: "https://example.com/menu" },
  });
  expect(reply.status).toBe(201);
  return ((await reply.json()) as { qrId: string }).qrId;
}

/** A scan by a visitor of this name. */
function scan(stack: TestStack, qrId: string, visitor = "somebody", method = "GET"): Promise<Response> {
  const headers = { "user-agent": `${PHONE} ${visitor}` };
  return stack.call(`/scan/${qrId}`, { method, tenant: null, headers });
}

async function read(stack: TestStack, path: string): Promise<Record<string, unknown>> {
  const reply = await stack.call(path);
  expect(reply.status).toBe(200);
  return (await reply.json()) as Record<string, unknown>;
}

/** The visitors whose scans wait in Postgres, one entry for each event. */
async function captured(stack: TestStack, qrId: string): Promise<string[]> {
  const rows = await stack.database.sql<{ agent: string }>(
    "SELECT payload->>'userAgent' AS agent FROM event_outbox WHERE type = 'qr.scanned' AND qr_id = $1",
    [qrId],
  );
  return rows.map(({ agent }) => agent.slice(PHONE.length + 1));
}

/** Uses every endpoint once, as a tenant and a visitor would. */
async function useEverything(stack: TestStack): Promise<void> {
  const qrId = await create(stack);
  const code = `/qr/${qrId}`;
  const target = "https://example.com/new";
  for (let round = 0; round < 2; round++) {
    expect(await read(stack, "/qr")).toMatchObject({ cached: false });
    expect(await read(stack, code)).toMatchObject({ qrId, cached: false });
  }
  expect((await stack.call(`${code}?format=png`)).status).toBe(200);
  expect((await stack.call(code, { method: "PATCH", json: { targetUrl: target } })).status).toBe(200);
  for (const method of ["GET", "HEAD"]) {
    const reply = await scan(stack, qrId, "everything", method);
    expect([reply.status, reply.headers.get("location")]).toEqual([302, target]);
  }
  expect(await captured(stack, qrId)).toEqual(["everything"]);
  expect(await read(stack, `${code}/stats`)).toMatchObject({ qrId, source: "postgres" });
  expect((await stack.call(code, { method: "DELETE" })).status).toBe(204);
  expect((await stack.call(code)).status).toBe(404);
  expect((await scan(stack, qrId)).status).toBe(410);
  expect(await read(stack, "/health")).toMatchObject({ status: "degraded", redis: "failing" });
}

/** Waits until answers come from the cache again, and checks that scans are counted there. */
async function expectRecovery(stack: TestStack): Promise<void> {
  const qrId = await create(stack);
  const cached = async (path: string) => (await read(stack, path)).cached;
  await expect.poll(() => cached(`/qr/${qrId}`), { timeout: 10_000, interval: 50 }).toBe(true);
  await expect.poll(() => cached("/qr"), { timeout: 10_000, interval: 50 }).toBe(true);
  expect((await scan(stack, qrId)).status).toBe(302);
  expect(await read(stack, `/qr/${qrId}/stats`)).toMatchObject({ scans: 1, today: 1, source: "redis" });
  expect(await captured(stack, qrId)).toEqual([]);
  expect(await read(stack, "/health")).toMatchObject({ status: "ok", redis: "ok", breaker: "closed" });
}

function expectLog(stack: TestStack, ...lines: { level: string; message: string }[]): void {
  expect(stack.log.lines).toEqual(lines.map((line) => expect.objectContaining(line)));
}

/** Runs `request` for 0 … count - 1, `width` at a time. */
async function many(count: number, width: number, request: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await request(index);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

describe.skipIf(await lacks("redis-server")).each([
  ["RESP", respOutages],
  ["Upstash", upstashOutages],
] as const)("the service over %s", { timeout: 60_000 }, (_name, outagesOf) => {
  it("answers everything while Redis is absent from the start, and uses it when it comes", async () => {
    const redis = await outagesOf();
    await redis.down();
    const stack = await startService(redis);
    await useEverything(stack);
    expectLog(stack, OUTAGE);
    await redis.up();
    await expectRecovery(stack);
    expectLog(stack, OUTAGE, RECOVERY);
  });

  it("answers everything after Redis went away, and uses it again when it is back, each time", async () => {
    const redis = await outagesOf();
    const stack = await startService(redis);
    await expectRecovery(stack);
    for (const lines of [
      [OUTAGE, RECOVERY],
      [OUTAGE, RECOVERY, OUTAGE, RECOVERY],
    ]) {
      await redis.down();
      await useEverything(stack);
      await redis.up();
      await expectRecovery(stack);
      expectLog(stack, ...lines);
    }
  });

  it("keeps each of 500 requests' normal answer through an outage in their midst, in two log lines", async () => {
    const redis = await outagesOf();
    const stack = await startService(redis);
    const qrId = await create(stack);
    await scan(stack, qrId, "warm-up");
    let state: "before" | "changing" | "away" = "before";
    const meanwhile: string[] = [];
    const requests = [
      async (index: number) => {
        const started = state;
        expect((await scan(stack, qrId, `visitor ${index}`)).status).toBe(302);
        if (started === "away" && state === "away") meanwhile.push(`visitor ${index}`);
      },
      async () => void (await read(stack, `/qr/${qrId}`)),
      async () => void (await read(stack, "/qr")),
      async () => void (await read(stack, `/qr/${qrId}/stats`)),
      async (index: number) => {
        const reply = await stack.call(`/qr/${qrId}`, { method: "PATCH", json: { name: `Menu ${index}` } });
        expect(reply.status).toBe(200);
      },
    ];
    await many(500, 10, async (index) => {
      if (index === 100) {
        state = "changing";
        await redis.down();
        state = "away";
      }
      if (index === 400) {
        state = "changing";
        await redis.up();
      }
      await requests[index % requests.length]?.(index);
    });
    await expectRecovery(stack);
    expectLog(stack, OUTAGE, RECOVERY);

    const events = await captured(stack, qrId);
    expect(new Set(events).size).toBe(events.length);
    expect(meanwhile.length).toBeGreaterThan(20);
    expect(events).toEqual(expect.arrayContaining(meanwhile));
  });

  it("lets no more requests wait for a Redis that hangs than the breaker needs to see it", async () => {
    const redis = await outagesOf();
    const { stack, waited } = await startWatchedService(redis);
    const qrId = await create(stack);
    await scan(stack, qrId, "warm-up");
    redis.hang();
    const width = 10;
    standStill();
    const statuses = new Set<number>();
    try {
      await many(500, width, async (index) => {
        statuses.add((await scan(stack, qrId, `visitor ${index}`)).status);
      });
      expect(waited()).toBeGreaterThanOrEqual(FAILURES_TO_OPEN);
      // Those that were under way when the breaker opened have waited, too.
      expect(waited()).toBeLessThanOrEqual(width + FAILURES_TO_OPEN);
      expect([...statuses]).toEqual([302]);
      expect(await read(stack, "/health")).toMatchObject({ status: "degraded" });
      expectLog(stack, OUTAGE);
    } finally {
      vi.restoreAllMocks();
      redis.resume();
    }
    await expectRecovery(stack);
    expectLog(stack, OUTAGE, RECOVERY);

    // Redis may have taken a scan although its reply was late: then both have it, under one event ID.
    const stream = (await stack.services.redis.command("XRANGE", "qr-service:outbox", "-", "+")) as [
      string,
      string[],
    ][];
    const inRedis = stream
      .map(([, [, event = "{}"]]) => JSON.parse(event) as { eventId: string; qrId: string })
      .filter((event) => event.qrId === qrId)
      .map(({ eventId }) => eventId);
    const inPostgres = await stack.database.sql<{ event_id: string }>(
      "SELECT event_id FROM event_outbox WHERE type = 'qr.scanned' AND qr_id = $1",
      [qrId],
    );
    expect(new Set([...inRedis, ...inPostgres.map((row) => row.event_id)]).size).toBe(501);
  });

  it("pays the deadline one time after another only until the breaker opens, then a second apart", async () => {
    const redis = await outagesOf();
    const { stack, waited } = await startWatchedService(redis);
    const qrId = await create(stack);
    await scan(stack, qrId, "warm-up");
    redis.hang();
    const pass = standStill();
    try {
      for (const expected of [1, 2, 3, 4, FAILURES_TO_OPEN, FAILURES_TO_OPEN, FAILURES_TO_OPEN]) {
        expect((await scan(stack, qrId)).status).toBe(302);
        expect(waited()).toBe(expected);
      }
      pass(999);
      await scan(stack, qrId);
      expect(waited()).toBe(FAILURES_TO_OPEN);
      pass(1);
      await scan(stack, qrId);
      await scan(stack, qrId);
      expect(waited()).toBe(FAILURES_TO_OPEN + 1);
    } finally {
      vi.restoreAllMocks();
      redis.resume();
    }
  });
});

describe.skipIf(await lacks("redis-server"))("the service over Upstash", { timeout: 60_000 }, () => {
  it("takes an endpoint that answers 503, since its Redis is away, for an outage", async () => {
    const redis = await ownRedis();
    const upstash = await startUpstashServer(redis.url);
    cleanUps.push(upstash.stop);
    const env = { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token };
    const stack = await startService({ env });
    await redis.kill();
    await useEverything(stack);
    expectLog(stack, OUTAGE);
    await redis.restart();
    await expectRecovery(stack);
    expectLog(stack, OUTAGE, RECOVERY);
  });
});
