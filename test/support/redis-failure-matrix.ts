import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { replayInvalidations } from "../../data/replay-invalidations.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import {
  ALL,
  AS_ALWAYS,
  answerOf,
  asksRedis,
  type EndpointName,
  expectDiscreetLog,
  FAULTS,
  newTenant,
  round,
  scansOf,
  watchUncaught,
} from "./failure-matrix.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { lacks } from "./requirements.ts";
import { startTestStack, type TestStack } from "./test-stack.ts";
import { startUpstashServer, type UpstashServer } from "./upstash-server.ts";

/** The service's deadline for Redis. */
const TIMEOUT_MS = 150;

const http = (status: string, type: string, body: string): Buffer =>
  Buffer.from(`HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
const json = (body: string): Buffer => http("200 OK", "application/json", body);

/** Well-formed replies to something else than what was asked. */
const NONSENSE = {
  RESP: {
    "a number": Buffer.from(":1\r\n"),
    null: Buffer.from("$-1\r\n"),
    "a null list": Buffer.from("*-1\r\n"),
    "an empty list": Buffer.from("*0\r\n"),
    "a list of nulls": Buffer.from("*3\r\n$-1\r\n$-1\r\n$-1\r\n"),
    "a status": Buffer.from("+OK\r\n"),
    "a list of lists": Buffer.from("*2\r\n*1\r\n:1\r\n*0\r\n"),
    "HTTP's": Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
  },
  Upstash: {
    "a number": json('{"result":1}'),
    null: json('{"result":null}'),
    "an empty list": json('{"result":[]}'),
    "a list of nulls": json('{"result":[null,null,null]}'),
    "a text": json('{"result":"OK"}'),
    "no result": json("{}"),
    "a list around the result": json('[{"result":1}]'),
    "JSON that ends early": json('{"result":["op'),
    "a page that says 200": http("200 OK", "text/html", "<html>Welcome</html>"),
    "a page that says 502": http("502 Bad Gateway", "text/html", "<html>Bad gateway</html>"),
  },
};

/** Every fault × every endpoint, at the start and in mid-flight, with Redis behind one of the two adapters. */
export async function redisFailureMatrix(adapter: "RESP" | "Upstash"): Promise<void> {
  const withoutServer = await lacks("redis-server");
  const uncaught = watchUncaught();
  afterAll(() => uncaught.stop());

  describe.skipIf(withoutServer)(`with Redis over ${adapter},`, () => {
    let redisServer: RedisServer;
    let upstash: UpstashServer | undefined;
    let database: TestDatabase;
    let proxy: FaultProxy;
    let stack: TestStack;

    beforeAll(async () => {
      redisServer = await startRedisServer();
      upstash = adapter === "Upstash" ? await startUpstashServer(redisServer.url) : undefined;
      database = await testDatabase();
      ({ proxy, stack } = await startService({ kind: "pass" }));
      // What is loaded at the first request of a kind must not be taken for time that a fault costs.
      await round(stack, await newTenant(database.sql));
    });
    afterEach(() => proxy.become({ kind: "pass" }));
    afterAll(async () => {
      await stack.close();
      await proxy.stop();
      await upstash?.stop();
      await redisServer.stop();
      await database.drop();
    });

    /** The service behind a proxy of its own, which has this fault from the start. */
    async function startService(fault: Fault): Promise<{ proxy: FaultProxy; stack: TestStack }> {
      const proxy = await startFaultProxy(upstash ? Number(new URL(upstash.url).port) : redisServer.port);
      await proxy.become(fault);
      const url = `127.0.0.1:${proxy.port}`;
      const stack = await startTestStack({
        env: {
          DATABASE_URL: database.url,
          REDIS_TIMEOUT_MS: String(TIMEOUT_MS),
          ...(upstash
            ? { UPSTASH_REDIS_REST_URL: `http://${url}`, UPSTASH_REDIS_REST_TOKEN: upstash.token }
            : { REDIS_URL: `redis://${url}` }),
        },
      });
      return { proxy, stack };
    }

    /** Redis works, and the service has a connection. */
    async function connected(): Promise<void> {
      await proxy.become({ kind: "pass" });
      await vi.waitFor(() => stack.services.redis.bypassBreaker.command("PING"), {
        timeout: 5_000,
        interval: 10,
      });
    }

    /**
     * Fails unless health reports the fault. Commands of requests that run at once may share a piece of the reply, of
     * which only the last is harmed: health is asked until a reply to it was.
     */
    async function expectDegraded(stack: TestStack, tenant: string): Promise<void> {
      await vi.waitFor(async () => {
        const { body } = await answerOf("health", stack, tenant);
        expect(JSON.parse(body)).toMatchObject({ status: "degraded", postgres: "ok" });
      }, 5_000);
    }

    /** Fails unless the service finds back to Redis by itself and has captured each of so many scans once. */
    async function expectRecovery(stack: TestStack, tenant: string, scans: number): Promise<void> {
      const bodyOf = async (name: EndpointName) => JSON.parse((await answerOf(name, stack, tenant)).body);
      const within = { timeout: 6_000, interval: 50 };
      await vi.waitFor(async () => {
        const well = { status: "ok", redis: "ok", breaker: "closed", postgres: "ok" };
        expect(await bodyOf("health")).toEqual(well);
      }, within);
      for (const name of ["list", "get"] as const) {
        await vi.waitFor(async () => {
          // As the relay does: a writer that could not invalidate has left its keys closed.
          await replayInvalidations(stack.services);
          expect(await bodyOf(name)).toMatchObject({ cached: true });
        }, within);
      }
      let asked = scans;
      await vi.waitFor(async () => {
        const { streamed } = await scansOf(stack, database.sql, tenant);
        asked += 1;
        expect((await answerOf("scan", stack, tenant)).reply.status).toBe(302);
        // A connection that is dead for good may still be about, until somebody tries it.
        expect((await scansOf(stack, database.sql, tenant)).streamed).toBe(streamed + 1);
      }, within);
      const found = await scansOf(stack, database.sql, tenant);
      expect(found).toMatchObject({ captured: asked, counted: found.streamed });
      expectDiscreetLog(stack, [upstash?.token ?? "redis://", new URL(database.url).password, tenant]);
      expect(uncaught.seen).toEqual([]);
    }

    it.each(Object.entries<Fault>(FAULTS))(
      "a Redis that %s from the start costs no answer and no scan, and is found when it is there",
      async (_name, fault) => {
        const { proxy, stack } = await startService(fault);
        try {
          const tenant = await newTenant(database.sql);
          expect((await round(stack, tenant)).statuses).toEqual(AS_ALWAYS);
          await expectDegraded(stack, tenant);
          await proxy.become({ kind: "pass" });
          await expectRecovery(stack, tenant, 1);
        } finally {
          await stack.close();
          await proxy.stop();
        }
      },
    );

    it.each(Object.entries<Fault>(FAULTS))(
      "a Redis that %s in mid-flight costs no answer and no scan, and is found again",
      async (_name, fault) => {
        await connected();
        const tenants = [await newTenant(database.sql), await newTenant(database.sql)] as const;
        proxy.becomeAfter(4, fault);
        const [struck, during] = [await round(stack, tenants[0]), await round(stack, tenants[1])];
        expect(proxy.struck).toBeGreaterThan(0);
        expect([struck.statuses, during.statuses]).toEqual([AS_ALWAYS, AS_ALWAYS]);
        await expectDegraded(stack, tenants[0]);
        await proxy.become({ kind: "pass" });
        for (const tenant of tenants) await expectRecovery(stack, tenant, 1);
      },
    );

    it.each(ALL)(
      "a request for %s waits once at most for a Redis that falls silent, wherever",
      async (name) => {
        let commands = 0;
        for (; ; commands++) {
          await connected();
          const tenant = await newTenant(database.sql);
          proxy.becomeAfter(commands, { kind: "black-hole" });
          const { reply } = await answerOf(name, stack, tenant);
          expect([commands, reply.status]).toEqual([commands, AS_ALWAYS[name]]);
          if (proxy.struck === 0) break;
          expect([commands, proxy.struck]).toEqual([commands, 1]);
        }
        expect([name, commands > 0]).toEqual([name, asksRedis(name)]);
      },
    );

    it.each(Object.entries<Buffer>(NONSENSE[adapter]))(
      "the reply %s to everything costs no answer and no scan, and confirms nothing",
      async (what, reply) => {
        await connected();
        await proxy.become({ kind: "garbage", reply });
        const tenant = await newTenant(database.sql);
        for (const again of [false, true]) {
          const expected: Record<string, number> = {
            ...AS_ALWAYS,
            delete: again ? 404 : 204,
            "delete-logo": again ? 404 : 204,
            "revoke-key": again ? 404 : 204,
            restore: again ? 409 : 200,
          };
          for (const name of ALL) {
            const { reply } = await answerOf(name, stack, tenant);
            expect([name, reply.status]).toEqual([name, expected[name]]);
          }
        }
        const pending = await database.sql("SELECT 1 FROM pending_invalidations WHERE tenant_id = $1", [
          tenant,
        ]);
        // Two codes made and four imported, one changed twice, one tagged, one deleted, one restored. The number is what an invalidation returns.
        expect(pending).toHaveLength(what === "a number" ? 0 : 11);
        await proxy.become({ kind: "pass" });
        await expectRecovery(stack, tenant, 2);
      },
    );
  });
}
