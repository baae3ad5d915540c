import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../../bin/local/redis-server.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { lacks } from "../requirements.ts";
import { openServices, proveNoStaleRead } from "./no-stale-read.ts";

/** The proof over so many operations, as a suite. `timeout` in milliseconds. */
export async function noStaleReadSuite(operations: number, timeout: number): Promise<void> {
  describe.skipIf(await lacks("redis-server"))(
    "whatever order the steps of several clients come in,",
    { timeout },
    () => {
      let database: TestDatabase;
      let redisServer: RedisServer;
      let services: Services;

      beforeAll(async () => {
        database = await testDatabase();
        redisServer = await startRedisServer();
        services = await openServices(database.url, redisServer.url);
      });
      afterAll(async () => {
        await services?.close();
        await redisServer?.stop();
        await database?.drop();
      });

      it("each code is a linearizable register, and each scan is counted", async () => {
        const proof = await proveNoStaleRead(services, operations);
        expect(proof.operations).toBeGreaterThanOrEqual(operations);
      });
    },
  );
}
