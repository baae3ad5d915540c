import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { freePort } from "../../bin/local/free-port.ts";
import { startPostgres } from "../../bin/local/postgres.ts";
import { startRedisServer } from "../../bin/local/redis-server.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { requestBytes } from "../http-connection.ts";
import { answers, end, endAll, type Peer, processesBelow, run } from "./peer.ts";

const DOMAIN = "qr.example.com";

/**
 * Kutt with Postgres and Redis, in the same settings as this service's.
 *
 * @param cwd Kutt's folder, with its packages installed
 */
export async function kutt(cwd: string): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), "qr-service-bench-"));
  const postgres = await startPostgres({ dataFolder: join(folder, "postgres") });
  const redis = await startRedisServer({ dataFolder: join(folder, "redis") });
  const port = await freePort();
  const env = {
    PORT: String(port),
    DEFAULT_DOMAIN: DOMAIN,
    JWT_SECRET: "the-key-of-a-benchmark-is-no-secret",
    DB_CLIENT: "pg",
    DB_HOST: "127.0.0.1",
    DB_PORT: String(postgres.port),
    DB_NAME: "postgres",
    DB_USER: "postgres",
    DB_PASSWORD: new URL(postgres.url()).password,
    REDIS_ENABLED: "true",
    REDIS_PORT: String(redis.port),
  };
  const launch = () => run(process.execPath, ["server/server.js", "--production"], { cwd, env });
  const migrate = run(process.execPath, ["node_modules/.bin/knex", "migrate:latest"], { cwd, env });
  await new Promise((resolve) => migrate.once("exit", resolve));

  const sql = new pg.Client({ connectionString: postgres.url() });
  await sql.connect();
  await sql.query(
    `WITH owner AS (INSERT INTO users (email, password) VALUES ('bench@example.com', 'x') RETURNING id)
     INSERT INTO links (address, target, user_id) SELECT 'menu', 'https://example.com/menu', id FROM owner`,
  );
  const peer = {
    port,
    request: requestBytes("GET", "/menu", { host: DOMAIN, "user-agent": PHONE }),
    status: 302,
  };
  let child = launch();
  await answers(peer, child);
  /** The processes that work at its queues outlive it. */
  const workers: number[] = [];
  return {
    ...peer,
    pid: () => child.pid as number,
    roots: () => [child.pid as number, postgres.pid, redis.pid],
    async killAndRestart() {
      workers.push(...processesBelow(child.pid as number));
      await end(child, "SIGKILL");
      child = launch();
      await answers(peer, child);
    },
    async counted() {
      const { rows } = await sql.query<{ visit_count: number }>("SELECT visit_count FROM links");
      return Number(rows[0]?.visit_count);
    },
    async stop() {
      workers.push(...processesBelow(child.pid as number));
      await end(child, "SIGTERM");
      endAll(workers);
      await sql.end();
      await redis.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
