import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { endLeftBehind, makeDataFolder, removeRecord, usable, writeRecord } from "./data-folder.ts";
import { freePort } from "./free-port.ts";
import { type Cluster, handOver, openCluster } from "./postgres-cluster.ts";
import { launch, type ServerProcess } from "./server-process.ts";

/** Covers a crash recovery on a slow disk. */
const START_DEADLINE_MS = 60_000;
/** A fast shutdown writes a checkpoint. */
const STOP_DEADLINE_MS = 30_000;
const POLL_MS = 20;
const START_ATTEMPTS = 4;
const PORT_TAKEN = /Address already in use/;
/** A killed server's last backends are about to end. */
const DATA_STILL_HELD = /shared memory block .* is still in use|lock file "postmaster\.pid" already exists/;

/** Settings for tests, whose data need not outlive a power cut. */
export const FAST_SETTINGS = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_connections: "200",
} as const satisfies Record<string, string>;

export interface PostgresOptions {
  /** Made if it is absent. Holds the cluster, its password, the log and a note of who runs it. */
  dataFolder: string;
  /** On 127.0.0.1; a free one if absent. */
  port?: number | undefined;
  /** Server settings, as in postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
  /** Told, in a line each, what takes long or may surprise. */
  onProgress?: (line: string) => void;
}

export interface Postgres {
  readonly port: number;
  readonly pid: number;
  /** How the server ended; undefined while it runs. */
  readonly ending: string | undefined;
  /** Settles once it has ended, by itself too; never rejects. */
  readonly ended: Promise<void>;
  /** A connection URL, with the superuser's password, for `database` (default "postgres"). */
  url(database?: string): string;
  /** Fast shutdown: clients are disconnected, what was committed is kept. Can be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres on 127.0.0.1, with the cluster in `dataFolder` (made at the first start), and waits until
 * it answers a query. A server that a killed process left on the same folder is ended first. Under root it runs as
 * the data's owner, `postgres` or `nobody`. It ends with this process, see `launch`.
 *
 * @throws Error, one line, if the folder can't be used, is in use, or is another major version's
 * @throws Error with the end of the server's output if it doesn't start within 60 s
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { settings = {}, onProgress = () => {} } = options;
  const folder = resolve(options.dataFolder);
  makeDataFolder(folder);
  const leftBehind = await endLeftBehind(folder, "SIGINT", STOP_DEADLINE_MS);
  if (leftBehind) onProgress(`ended the Postgres that a killed process had left (pid ${leftBehind})`);
  const cluster = await openCluster(folder, settings.fsync !== "off", onProgress);

  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const url = (database = "postgres") =>
      `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
    const server = await run(cluster, folder, port, settings);
    writeRecord(folder, server.pid, marker(folder));
    const stop = async () => {
      await server.stop(STOP_DEADLINE_MS);
      removeRecord(folder, server.pid);
    };
    const problem = await answer(server, url());
    if (!problem) {
      server.unref();
      const { pid, ended } = server;
      return {
        port,
        pid,
        get ending() {
          return server.ending;
        },
        ended,
        url,
        stop,
      };
    }
    await stop();
    const passing = DATA_STILL_HELD.test(server.tail()) || (!options.port && PORT_TAKEN.test(server.tail()));
    if (attempt === START_ATTEMPTS || !passing) {
      throw new Error(`Postgres did not start on port ${port}: ${problem}\n${server.tail()}`);
    }
    await sleep(attempt * 200);
  }
}

// A made-up setting, which Postgres keeps and ignores: it identifies this folder's server in /proc.
const marker = (folder: string) => `qr_service.data_folder=${folder}`;

async function run(
  cluster: Cluster,
  folder: string,
  port: number,
  settings: Readonly<Record<string, string>>,
) {
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", timezone: "UTC", ...settings };
  const handed = usable(folder, () => handOver([cluster.data], cluster.as));
  const args = ["-D", ...handed.paths, "-p", String(port), "-c", marker(folder)];
  for (const [name, value] of Object.entries(all)) args.push("-c", `${name}=${value}`);
  const { descriptors } = handed;
  const command = cluster.binaries.postgres;
  try {
    return await launch({
      command,
      args,
      endSignal: "SIGINT",
      log: join(folder, "postgres.log"),
      as: cluster.as,
      descriptors,
    });
  } finally {
    handed.close();
  }
}

/** Waits until the server answers; gives the reason if it doesn't. */
async function answer(server: ServerProcess, connectionString: string): Promise<string | undefined> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let problem = "";
  while (Date.now() < deadline) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("SELECT 1");
      return undefined;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    } finally {
      await client.end().catch(() => {});
    }
    if (server.ending !== undefined) return `it ended with ${server.ending}`;
    await sleep(POLL_MS);
  }
  return `no answer within ${START_DEADLINE_MS / 1_000} s (${problem})`;
}
