import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RedisPort } from "../../data/redis/port.ts";
import type { Env } from "../../functions/runtime/env.ts";
import { keepRunning } from "./keep-running.ts";
import { memoryRedis } from "./memory-redis/index.ts";
import { startPostgres } from "./postgres.ts";
import { findRedisServer, startRedisServer } from "./redis-server.ts";

/** One server that the gateway works with. */
export interface LocalServer {
  /** One line for the person at the terminal: what it is, and whether it is real. */
  description: string;
  /** Variables that point the functions at it, if their environment does not already. */
  env: Env;
  /** Variables that suit it, where none were set. */
  defaults?: Env;
  /** A client, where the server lives in this process. */
  client?: RedisPort;
  stop(): Promise<void>;
}

/** Receives one line for each event in the servers' lives. */
export interface Watcher {
  /** What takes long or may surprise. */
  progress(line: string): void;
  /** A server of ours has ended and can't be started again. */
  onLost(reason: string): void;
}

/** A private Redis holds ten seconds' burst, 210 MB at 700 bytes an event, before the relay takes time from it. */
const OUTBOX_LENGTH = "300000";

/** A server that is not ours to stop. */
function yours(description: string): LocalServer {
  return { description, env: {}, stop: async () => {} };
}

/** Where a URL leads, without the password that it may hold. */
function placeOf(url: string): string {
  return new URL(url).host;
}

/** The Postgres of `databaseUrl`, else a real one from the embedded binaries, which is kept running. */
export async function choosePostgres(
  databaseUrl: string | undefined,
  dataFolder: string,
  { progress, onLost }: Watcher,
): Promise<LocalServer> {
  if (databaseUrl) return yours(`Postgres: yours at ${placeOf(databaseUrl)} (DATABASE_URL)`);
  progress("starting Postgres");
  const folder = join(dataFolder, "postgres");
  const postgres = await startPostgres({ dataFolder: folder, onProgress: progress });
  return {
    description: `Postgres: embedded, a real server on port ${postgres.port}, data in ${folder}`,
    env: { DATABASE_URL: postgres.url() },
    stop: keepRunning(postgres, {
      name: "Postgres",
      start: async () => {
        // A start would make a new and empty cluster in its place.
        if (!existsSync(join(folder, "data"))) throw new Error(`its data in ${folder} is gone`);
        return startPostgres({ dataFolder: folder, port: postgres.port, onProgress: progress });
      },
      tell: progress,
      onLost,
    }),
  };
}

/**
 * The Redis that `env` names, else a `redis-server` of this machine, which is kept running, else the stand-in in this
 * process.
 */
export async function chooseRedis(
  env: Env,
  dataFolder: string,
  { progress, onLost }: Watcher,
): Promise<LocalServer> {
  const { REDIS_URL: url, UPSTASH_REDIS_REST_URL: restUrl } = env;
  if (url) return yours(`Redis: yours at ${placeOf(url)} (REDIS_URL)`);
  if (restUrl) return yours(`Redis: yours at ${placeOf(restUrl)} (UPSTASH_REDIS_REST_URL)`);
  if (!findRedisServer()) {
    const client = memoryRedis({ snapshotFile: join(dataFolder, "memory-redis.json") });
    return {
      description: "Redis: a stand-in in this process (neither REDIS_URL nor a redis-server on the PATH)",
      env: {},
      client,
      stop: () => client.close(),
    };
  }
  progress("starting Redis");
  const folder = join(dataFolder, "redis");
  const redis = await startRedisServer({ dataFolder: folder });
  return {
    description: `Redis: a private redis-server on port ${redis.port}, data in ${folder}`,
    env: { REDIS_URL: redis.url },
    defaults: { OUTBOX_MAX_LENGTH: OUTBOX_LENGTH },
    stop: keepRunning(redis, {
      name: "Redis",
      start: () => startRedisServer({ dataFolder: folder, port: redis.port }),
      tell: progress,
      onLost,
    }),
  };
}
