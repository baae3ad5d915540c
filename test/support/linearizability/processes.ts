import { type RedisServer, startRedisServer } from "../../../bin/local/redis-server.ts";
import { readEnv } from "../../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "../database.ts";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { recordLog } from "../log-recorder.ts";

/** Services that share nothing in memory, over one database and one Redis. */
export interface Processes {
  services: [Services, Services];
  database: TestDatabase;
  close(): Promise<void>;
}

/** Milliseconds that a message to or from Redis takes. */
const redisDelay = () => Math.random() * 12;

/** Milliseconds that a message to or from Postgres takes; one in ten takes very long. */
const postgresDelay = () => (Math.random() < 0.1 ? Math.random() * 400 : Math.random() * 15);

/** Two processes' worth of services, each with connections of its own, on all of which messages are delayed at random. */
export async function startProcesses(): Promise<Processes> {
  const redisServer: RedisServer = await startRedisServer();
  const database = await testDatabase();
  const proxies: FaultProxy[] = [];
  const delayed = async (target: string, ms: () => number): Promise<string> => {
    const url = new URL(target);
    const proxy = await startFaultProxy(Number(url.port));
    await proxy.become({ kind: "delay", ms });
    proxies.push(proxy);
    url.hostname = "127.0.0.1";
    url.port = String(proxy.port);
    return url.href;
  };
  const start = async () => {
    const env = readEnv(["postgres", "redis"], {
      DATABASE_URL: await delayed(database.url, postgresDelay),
      REDIS_URL: await delayed(redisServer.url, redisDelay),
      DATABASE_POOL_SIZE: "5",
      // Neither is to fail: what is looked at is a service that works.
      DATABASE_TIMEOUT_MS: "8000",
      REDIS_TIMEOUT_MS: "8000",
    });
    return servicesFrom(env, { log: recordLog() });
  };
  const services: Processes["services"] = [await start(), await start()];
  return {
    services,
    database,
    async close() {
      for (const { close } of services) await close();
      for (const proxy of proxies) await proxy.stop();
      await redisServer.stop();
      await database.drop();
    },
  };
}
