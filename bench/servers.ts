import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import pg from "pg";
import { FAST_SETTINGS, startPostgres } from "../bin/local/postgres.ts";
import { startRedisServer } from "../bin/local/redis-server.ts";
import { openTokenIssuer, type TokenIssuer } from "../bin/local/tokens.ts";
import { runMigrations } from "../data/postgres/run-migrations.ts";

/** Real servers for a benchmark, with the connections by which it prepares and reads them. */
export interface Servers {
  databaseUrl: string;
  redisUrl: string;
  sql: pg.Client;
  redis: Redis;
  issuer: TokenIssuer;
  /** What a process of the service needs to be given. */
  env: Record<string, string>;
  /** Statements that Postgres has executed for the service since its start: all, or those whose text holds this. */
  statements(holding?: string): Promise<number>;
  /** Memory that Redis uses, MB. */
  redisMegabytes(): Promise<number>;
  stop(): Promise<void>;
}

/** As long as a Lambda's connections live: one for each request that is served at a time. */
const POOL_SIZE = "10";

export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), "qr-service-bench-"));
  const postgres = await startPostgres({
    dataFolder: join(folder, "postgres"),
    settings: {
      ...FAST_SETTINGS,
      shared_buffers: "512MB",
      max_wal_size: "4GB",
      shared_preload_libraries: "pg_stat_statements",
      "pg_stat_statements.track_planning": "off",
    },
  });
  const redisServer = await startRedisServer();
  const databaseUrl = postgres.url();
  await runMigrations(databaseUrl);
  const sql = new pg.Client({ connectionString: databaseUrl, application_name: "bench" });
  await sql.connect();
  await sql.query("CREATE EXTENSION pg_stat_statements");
  // A separate user, so that its statements can be distinguished from the benchmark's.
  await sql.query("CREATE ROLE service SUPERUSER LOGIN PASSWORD 'service'");
  const serviceUrl = new URL(databaseUrl);
  serviceUrl.username = serviceUrl.password = "service";
  const redis = new Redis(redisServer.url, { disableClientInfo: true });
  return {
    databaseUrl: serviceUrl.href,
    redisUrl: redisServer.url,
    sql,
    redis,
    issuer: await openTokenIssuer(folder, "tenant_id"),
    env: {
      DATABASE_URL: serviceUrl.href,
      DATABASE_POOL_SIZE: POOL_SIZE,
      REDIS_URL: redisServer.url,
      // A stall of this machine must not turn a hit into a miss.
      REDIS_TIMEOUT_MS: "2000",
      PUBLIC_BASE_URL: "https://qr.example.com",
      VISITOR_KEY: "the-key-of-a-benchmark-is-no-secret",
      KEY_FOLDER: folder,
    },
    async statements(holding = "") {
      const { rows } = await sql.query<{ calls: string }>(
        `SELECT coalesce(sum(calls), 0) AS calls FROM pg_stat_statements
         WHERE userid = 'service'::regrole AND position($1 IN query) > 0`,
        [holding],
      );
      return Number(rows[0]?.calls);
    },
    async redisMegabytes() {
      return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]) / 1e6;
    },
    async stop() {
      redis.disconnect();
      await sql.end();
      await redisServer.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts servers for as long as `work` takes. */
export async function withServers<T>(work: (servers: Servers) => Promise<T>): Promise<T> {
  const servers = await startServers();
  try {
    return await work(servers);
  } finally {
    await servers.stop();
  }
}
