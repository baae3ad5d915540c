import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  ALL,
  AS_ALWAYS,
  answerOf,
  type EndpointName,
  expectDiscreetLog,
  expectUnavailable,
  FAULTS,
  newTenant,
  type Round,
  round,
  scansOf,
  watchUncaught,
} from "../support/failure-matrix.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { lacks } from "../support/requirements.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/** The service's bound on connecting and on a statement. */
const TIMEOUT_MS = 300;

/** What is answered from the cache alone. */
const CACHED: readonly EndpointName[] = ["list", "get", "picture", "static-picture", "scan", "scan by HEAD"];

const uncaught = watchUncaught();
afterAll(() => uncaught.stop());

describe.skipIf(await lacks("redis-server"))("with a Postgres that", () => {
  let redisServer: RedisServer;
  let database: TestDatabase;
  let proxy: FaultProxy;
  let stack: TestStack;

  beforeAll(async () => {
    redisServer = await startRedisServer();
    database = await testDatabase();
    ({ proxy, stack } = await startService({ kind: "pass" }));
    // What is loaded at the first request of a kind must not be taken for time that a fault costs.
    await round(stack, await newTenant(database.sql));
  });
  afterEach(() => proxy.become({ kind: "pass" }));
  afterAll(async () => {
    await stack.close();
    await proxy.stop();
    await redisServer.stop();
    await database.drop();
  });

  /** The service behind a proxy of its own, which has this fault from the start. All share one Redis. */
  async function startService(fault: Fault): Promise<{ proxy: FaultProxy; stack: TestStack }> {
    const proxy = await startFaultProxy(Number(new URL(inject("postgresUrl")).port));
    await proxy.become(fault);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const stack = await startTestStack({
      env: {
        DATABASE_URL: url.href,
        DATABASE_TIMEOUT_MS: String(TIMEOUT_MS),
        REDIS_URL: redisServer.url,
      },
    });
    return { proxy, stack };
  }

  /** A tenant of whom all is cached that can be. */
  async function cachedTenant(): Promise<string> {
    const tenant = await newTenant(database.sql);
    // A write would take the list out of the cache.
    expect((await round(stack, tenant, CACHED)).statuses).toEqual(asAlways(CACHED));
    return tenant;
  }

  const asAlways = (names: readonly EndpointName[]) =>
    Object.fromEntries(names.map((name) => [name, AS_ALWAYS[name]]));

  /** Fails unless every answer that is not as always is a 503 that says when to come back. */
  function expectProper({ answers }: Round): void {
    for (const [name, answer] of Object.entries(answers)) {
      if (answer.reply.status === AS_ALWAYS[name]) continue;
      if (name === "health") {
        expect(answer.reply.status).toBe(503);
        expect(JSON.parse(answer.body)).toEqual({
          status: "down",
          redis: "ok",
          breaker: "closed",
          postgres: "failing",
        });
      } else if (name === "scan by HEAD") {
        expect(answer.reply.status).toBe(503);
        expect(Number(answer.reply.headers.get("retry-after"))).toBeGreaterThan(0);
      } else expectUnavailable(answer);
    }
  }

  /** Fails unless what is cached is answered as always, and all else is a 503. */
  async function expectCachedOnly(stack: TestStack, cached: string, cold: string): Promise<void> {
    const ofCached = await round(stack, cached);
    const ofCold = await round(stack, cold);
    expectProper(ofCached);
    expectProper(ofCold);
    const all503 = Object.fromEntries(ALL.map((name) => [name, 503]));
    expect(ofCached.statuses).toEqual({ ...all503, ...asAlways(CACHED) });
    expect(ofCold.statuses).toEqual(all503);
  }

  /** Fails unless the service finds back to Postgres by itself and kept each of so many scans. */
  async function expectRecovery(stack: TestStack, cached: string, scans: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const tenant = await newTenant(database.sql);
        expect((await round(stack, tenant)).statuses).toEqual(AS_ALWAYS);
        expect(JSON.parse((await answerOf("get", stack, tenant)).body)).toMatchObject({ cached: true });
      },
      { timeout: 8_000, interval: 50 },
    );
    const counts = { captured: scans, streamed: scans, counted: scans };
    expect(await scansOf(stack, database.sql, cached)).toEqual(counts);
    expectDiscreetLog(stack, [new URL(database.url).password, cached]);
    expect(uncaught.seen).toEqual([]);
  }

  it.each(Object.entries<Fault>(FAULTS))(
    "%s from the start, what is cached is answered, all else is a 503 in time, and it is found when it is there",
    async (_name, fault) => {
      const cached = await cachedTenant();
      const started = await startService(fault);
      try {
        await expectCachedOnly(started.stack, cached, await newTenant(database.sql));
        await started.proxy.become({ kind: "pass" });
        await expectRecovery(started.stack, cached, 2);
      } finally {
        await started.stack.close();
        await started.proxy.stop();
      }
    },
  );

  it.each(Object.entries<Fault>(FAULTS))(
    "%s in mid-flight, what is cached is answered, all else is a 503 in time, and it is found again",
    async (_name, fault) => {
      const [cached, cold] = [await cachedTenant(), await newTenant(database.sql)];
      proxy.becomeAfter(2, fault);
      const struck = await round(stack, await newTenant(database.sql));
      expect(proxy.struck).toBeGreaterThan(0);
      expectProper(struck);
      expect(Object.values(struck.statuses)).toContain(503);
      await expectCachedOnly(stack, cached, cold);
      await proxy.become({ kind: "pass" });
      await expectRecovery(stack, cached, 2);
    },
  );
});
