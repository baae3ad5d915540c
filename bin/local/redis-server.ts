import { randomUUID } from "node:crypto";
import { accessSync, constants, statSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endLeftBehind, makeDataFolder, removeRecord, writeRecord } from "./data-folder.ts";
import { freePort } from "./free-port.ts";
import { launch, type ServerProcess } from "./server-process.ts";

/** Covers the loading of a large append-only file. */
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
const REPLY_DEADLINE_MS = 1_000;
const POLL_MS = 10;
const START_ATTEMPTS = 4;

export interface RedisServerOptions {
  /** Made if it is absent; holds the append-only file. Without one nothing is persisted. */
  dataFolder?: string | undefined;
  /** On 127.0.0.1; a free one if absent. */
  port?: number | undefined;
  /** Further arguments, such as `["--maxmemory", "10mb"]`. */
  args?: string[];
}

export interface RedisServer {
  /** `redis://127.0.0.1:<port>`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** How the server ended; undefined while it runs. */
  readonly ending: string | undefined;
  /** Settles once it has ended, by itself too; never rejects. Another promise after a restart. */
  readonly ended: Promise<void>;
  /** Clean shutdown, which flushes the append-only file. Can be called again. */
  stop(): Promise<void>;
  /** SIGKILL, as a crash would end it. */
  kill(): Promise<void>;
  /** Stops it if it runs and starts it again, on the same port and data folder. */
  restart(): Promise<void>;
}

/** The path of `redis-server`, else `valkey-server`, on the PATH; undefined if there is neither. */
export function findRedisServer(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return ["redis-server", "valkey-server"]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find(isExecutable);
}

/**
 * Starts a private Redis (or Valkey) without a password on 127.0.0.1 and waits until it answers. With a data folder
 * it appends each write to a file, synced once a second, and a server that a killed process left on that folder is
 * ended first. It ends with this process, see `launch`.
 *
 * @throws Error if there is no such program on the PATH, the folder can't be used or is in use
 * @throws Error with the end of the server's output if it doesn't start within 30 s
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const folder = options.dataFolder && resolve(options.dataFolder);
  if (folder) {
    makeDataFolder(folder);
    await endLeftBehind(folder, "SIGTERM", STOP_DEADLINE_MS);
  }
  let { port, server } = await startOnSomePort(options, folder);
  const end = async (how: () => Promise<void>) => {
    await how();
    if (folder) removeRecord(folder, server.pid);
  };
  const stop = () => end(() => server.stop(STOP_DEADLINE_MS));
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return server.pid;
    },
    get ending() {
      return server.ending;
    },
    get ended() {
      return server.ended;
    },
    stop,
    kill: () => end(() => server.kill()),
    async restart() {
      await stop();
      ({ server } = await startOnSomePort({ ...options, port }, folder));
    },
  };
}

async function startOnSomePort({ port: wanted, args = [] }: RedisServerOptions, folder: string | undefined) {
  const command = findRedisServer();
  if (command === undefined) throw new Error("There is no redis-server or valkey-server on the PATH");
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const server = await launch({
      command,
      args: [...["--port", String(port), "--bind", "127.0.0.1"], ...persistence(folder), ...args],
      endSignal: "SIGTERM",
      log: folder && join(folder, "redis.log"),
    });
    // What Redis makes of its process title, in every version.
    if (folder) writeRecord(folder, server.pid, `127.0.0.1:${port}`);
    const problem = await answer(server, port);
    if (!problem) {
      server.unref();
      return { port, server };
    }
    await server.stop(STOP_DEADLINE_MS);
    if (folder) removeRecord(folder, server.pid);
    const portTaken = server.tail().includes("Address already in use");
    if (!portTaken || wanted !== undefined || attempt === START_ATTEMPTS) {
      throw new Error(`${command} did not start on port ${port}: ${problem}\n${server.tail()}`);
    }
  }
}

function persistence(folder: string | undefined): string[] {
  if (!folder) {
    // A name never used before: a server loads any snapshot it finds, and all servers share this folder.
    const snapshot = `${randomUUID()}.rdb`;
    return ["--save", "", "--appendonly", "no", "--dir", tmpdir(), "--dbfilename", snapshot];
  }
  return ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--dir", folder];
}

/** Waits until this very process answers, for the port may be another Redis's; gives the reason if it doesn't. */
async function answer(server: ServerProcess, port: number): Promise<string | undefined> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    const reply = await ask(port);
    if (reply.includes("+PONG\r\n") && reply.includes(`process_id:${server.pid}\r\n`)) return undefined;
    if (server.ending !== undefined) return `it ended with ${server.ending}`;
    await sleep(POLL_MS);
  }
  return `no answer within ${START_DEADLINE_MS / 1_000} s`;
}

/** The reply to PING (refused while the data is being loaded) and INFO; "" if there is no reply. */
function ask(port: number): Promise<string> {
  return new Promise((done) => {
    let reply = "";
    const socket = createConnection({ port, host: "127.0.0.1", timeout: REPLY_DEADLINE_MS });
    socket.on("connect", () => socket.write("INFO server\r\nPING\r\nQUIT\r\n"));
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => done(reply));
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
