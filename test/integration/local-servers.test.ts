import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as Upstash } from "@upstash/redis";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { FAST_SETTINGS, startPostgres } from "../../bin/local/postgres.ts";
import { findRedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { startUpstashServer } from "../support/upstash-server.ts";

const folder = mkdtempSync(join(tmpdir(), "local-servers-"));
const started: { stop(): Promise<void> }[] = [];

/** Stopped after the test, whatever becomes of it. */
async function own<T extends { stop(): Promise<void> }>(start: Promise<T>): Promise<T> {
  const server = await start;
  started.push(server);
  return server;
}

afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Starts a server in another Node process, which then does what `then` says. */
async function startElsewhere(start: string, then: string) {
  const script = `const server = await ${start}; console.log(server.pid); ${then}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // At the end of the output, without a line, the child has said why on stderr.
  const [line] = await Promise.race([once(child.stdout, "data"), once(child.stdout, "end")]);
  if (line === undefined) throw new Error("the other process started no server");
  return { child, pid: Number(line) };
}

const fromModule = (name: string, call: string) =>
  `(await import(${JSON.stringify(new URL(`../../bin/local/${name}`, import.meta.url).href)})).${call}`;

/** A process that has ended but that nobody has waited for, as in a container without an init, counts as ended. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("embedded Postgres", { timeout: 60_000 }, () => {
  const dataFolder = join(folder, "postgres");
  const start = (onProgress?: (line: string) => void) =>
    own(startPostgres({ dataFolder, settings: FAST_SETTINGS, ...(onProgress && { onProgress }) }));
  const elsewhere = fromModule(
    "postgres.ts",
    `startPostgres(${JSON.stringify({ dataFolder, settings: FAST_SETTINGS })})`,
  );

  it("starts, answers, stops, and keeps its rows over a restart", async () => {
    const first = await start();
    await query(first.url(), "CREATE DATABASE qr");
    await query(first.url("qr"), "CREATE TABLE code AS SELECT 'Ä' AS name");
    await first.stop();
    await first.stop();
    expect(runs(first.pid)).toBe(false);

    const lines: string[] = [];
    const second = await start((line) => lines.push(line));
    expect(await query(second.url("qr"), "SELECT lower(name) AS name FROM code")).toEqual([{ name: "ä" }]);
    expect(await query(second.url("qr"), "SHOW fsync")).toEqual([{ fsync: "off" }]);
    expect(lines).toEqual([]);
  });

  it("lets nobody in without the password, which only its user can read", async () => {
    const { port } = await start();
    await expect(query(`postgresql://postgres:wrong@127.0.0.1:${port}/postgres`, "SELECT 1")).rejects.toThrow(
      /password authentication failed/,
    );
    expect(statSync(join(dataFolder, "password")).mode & 0o777).toBe(0o600);
  });

  it("refuses data that a running process uses, and a port that is taken", async () => {
    const earlier = await start();
    await earlier.stop();
    const { port, pid } = await start();
    await earlier.stop();
    await expect(startPostgres({ dataFolder })).rejects.toThrow(
      `in use by the running process ${process.pid}`,
    );
    expect(runs(pid)).toBe(true);
    const other = startPostgres({ dataFolder: join(folder, "other"), port, settings: FAST_SETTINGS });
    await expect(other).rejects.toThrow(/Address already in use/);
  });

  it("ends the server that a killed process has left, and starts on its data", async () => {
    const { child, pid } = await startElsewhere(elsewhere, "setInterval(() => {}, 1000)");
    await expect(startPostgres({ dataFolder })).rejects.toThrow(`in use by the running process ${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(runs(pid)).toBe(true);

    const lines: string[] = [];
    const server = await start((line) => lines.push(line));
    expect(lines).toEqual([`ended the Postgres that a killed process had left (pid ${pid})`]);
    expect(runs(pid)).toBe(false);
    expect(await query(server.url("qr"), "SELECT name FROM code")).toEqual([{ name: "Ä" }]);
  });

  it("ends with the process that started it", async () => {
    const { child, pid } = await startElsewhere(elsewhere, "process.exit(3)");
    expect(await once(child, "exit")).toEqual([3, null]);
    await expect.poll(() => runs(pid), { timeout: 10_000 }).toBe(false);
  });

  it("recovers after a crash", async () => {
    const first = await start();
    process.kill(first.pid, "SIGKILL");
    await expect.poll(() => runs(first.pid)).toBe(false);
    const second = await start();
    expect(await query(second.url("qr"), "SELECT name FROM code")).toEqual([{ name: "Ä" }]);
  });

  it("says in one line why a folder can't be used", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    await expect(startPostgres({ dataFolder: join(file, "data") })).rejects.toThrow(
      /^Can't use .* ENOTDIR at [^\n]*$/,
    );

    const old = join(folder, "old");
    mkdirSync(join(old, "data"), { recursive: true });
    writeFileSync(join(old, "data", "PG_VERSION"), "9\n");
    await expect(startPostgres({ dataFolder: old })).rejects.toThrow(
      /^\S+ was made by Postgres 9, this is \d+: [^\n]*$/,
    );
  });

  it("gives the server's own words when it can't start", async () => {
    const settings = { shared_buffers: "much" };
    await expect(startPostgres({ dataFolder, settings })).rejects.toThrow(
      /exit code 1\n.*shared_buffers.*much/s,
    );
  });
});

describe.skipIf(!findRedisServer())("private Redis", { timeout: 30_000 }, () => {
  it("keeps acknowledged writes over a restart and a crash, with a data folder", async () => {
    const server = await own(startRedisServer({ dataFolder: join(folder, "redis") }));
    const client = new Redis(server.url, { retryStrategy: () => 20 });
    client.on("error", () => {});
    await client.set("a", "1");
    const { pid } = server;
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(runs(pid)).toBe(false);
    expect(await client.get("a")).toBe("1");
    await client.set("a", "2");
    await server.kill();
    await server.restart();
    expect(await client.get("a")).toBe("2");
    client.disconnect();
  });

  it("keeps nothing without one", async () => {
    const server = await own(startRedisServer({ args: ["--maxmemory", "10mb"] }));
    const client = new Redis(server.url, { retryStrategy: () => 20 });
    client.on("error", () => {});
    await client.set("a", "1");
    expect(await client.info("memory")).toContain("maxmemory:10485760");
    await server.restart();
    expect(await client.get("a")).toBe(null);
    client.disconnect();
  });

  it("refuses data in use, a taken port and arguments that Redis refuses", async () => {
    const dataFolder = join(folder, "redis");
    const server = await own(startRedisServer({ dataFolder }));
    await expect(startRedisServer({ dataFolder })).rejects.toThrow("in use by the running process");
    await expect(startRedisServer({ port: server.port })).rejects.toThrow(/Address already in use/);
    await expect(startRedisServer({ args: ["--maxmemory", "much"] })).rejects.toThrow(
      /exit code 1\n.*maxmemory/s,
    );
  });

  it("holds nothing at its start without a folder, whatever lies where temporary files do", async () => {
    const shared = join(folder, "shared");
    const left = await own(startRedisServer({ dataFolder: shared, args: ["--appendonly", "no"] }));
    const client = new Redis(left.url);
    await client.set("left", "behind");
    await client.save();
    client.disconnect();
    await left.stop();
    vi.stubEnv("TMPDIR", shared);
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await own(startRedisServer());
    const other = new Redis(server.url);
    expect(await other.dbsize()).toBe(0);
    other.disconnect();
  });

  it("ends the server that a killed process has left, and one whose process exits", async () => {
    const dataFolder = join(folder, "redis");
    const elsewhere = fromModule("redis-server.ts", `startRedisServer(${JSON.stringify({ dataFolder })})`);
    const killed = await startElsewhere(elsewhere, "setInterval(() => {}, 1000)");
    killed.child.kill("SIGKILL");
    await once(killed.child, "exit");
    expect(runs(killed.pid)).toBe(true);
    const server = await own(startRedisServer({ dataFolder }));
    expect(runs(killed.pid)).toBe(false);
    await server.stop();

    const exits = await startElsewhere(elsewhere, "process.exit()");
    await expect.poll(() => runs(exits.pid), { timeout: 10_000 }).toBe(false);
  });
});

describe.skipIf(!findRedisServer())("Upstash's REST protocol in front of Redis", { timeout: 30_000 }, () => {
  async function connect(responseEncoding: "base64" | false = "base64") {
    const redis = await own(startRedisServer());
    const { url, token } = await own(startUpstashServer(redis.url));
    const options = { automaticDeserialization: false, enableAutoPipelining: false, enableTelemetry: false };
    const client = new Upstash({ url, token, ...options, responseEncoding, retry: { retries: 0 } });
    return { client, redis, url, options };
  }

  it.each(["base64", false] as const)("carries values unchanged (encoding: %s)", async (encoding) => {
    const { client } = await connect(encoding);
    expect(await client.set("text", "grüße 🎈 \u0000")).toBe("OK");
    expect(await client.get("text")).toBe("grüße 🎈 \u0000");
    await client.set("number", "0012345678901234567890");
    expect(await client.get("number")).toBe("0012345678901234567890");
    await client.set("ok", "OK");
    expect(await client.mget("ok", "absent", "number")).toEqual(["OK", null, "0012345678901234567890"]);
    expect(await client.get("ok")).toBe("OK");
    expect(await client.get("absent")).toBe(null);
    expect(await client.incr("counter")).toBe(1);
    await client.hset("hash", { a: "1", b: "OK" });
    expect(await client.hgetall("hash")).toEqual(["a", "1", "b", "OK"]);
    expect(await client.scan(0, { match: "ha*", count: 100 })).toEqual(["0", ["hash"]]);
  });

  it("runs scripts by their hash, and says NOSCRIPT as Redis does", async () => {
    const { client } = await connect();
    const script = "return {KEYS[1], ARGV[1], redis.call('INCR', KEYS[1]), false, {'OK'}}";
    const hash = createHash("sha1").update(script).digest("hex");
    await expect(client.evalsha(hash, ["k"], ["ä"])).rejects.toThrow(/NOSCRIPT/);
    expect(await client.eval(script, ["k"], ["ä"])).toEqual(["k", "ä", 1, null, ["OK"]]);
    expect(await client.evalsha(hash, ["k"], ["7"])).toEqual(["k", "7", 2, null, ["OK"]]);
    expect(await client.createScript("return ARGV[1] .. 'x'").exec([], ["1"])).toBe("1x");
  });

  it("answers pipelines in order, with the error of each command", async () => {
    const { client } = await connect();
    const pipeline = client.pipeline().set("a", "1").incr("a").lpush("a", "x").get("a");
    expect(await pipeline.exec({ keepErrors: true })).toEqual([
      { result: "OK", error: undefined },
      { result: 2, error: undefined },
      { result: undefined, error: expect.stringMatching(/^WRONGTYPE/) },
      { result: "2", error: undefined },
    ]);
  });

  it("runs transactions", async () => {
    const { client } = await connect();
    expect(await client.multi().set("a", "1").incr("a").get("a").exec()).toEqual(["OK", 2, "2"]);
    await expect(client.multi().set("b", "1").lpush("b", "x").exec()).rejects.toThrow(/WRONGTYPE/);
    expect(await client.get("b")).toBe("1");
    await expect(client.exec(["NONSENSE"])).rejects.toThrow(/^ERR unknown command/);
  });

  it("carries streams", async () => {
    const { client } = await connect();
    const id = await client.xadd("events", "*", { n: "1", name: "ä" });
    expect(await client.xrange("events", "-", "+")).toEqual([[id, ["n", "1", "name", "ä"]]]);
    expect(await client.xread("events", "0")).toEqual([["events", [[id, ["n", "1", "name", "ä"]]]]]);
    expect(await client.xlen("events")).toBe(1);
  });

  it("costs one Redis command per REST command", async () => {
    const { client, redis } = await connect();
    const direct = new Redis(redis.url);
    const processed = async () =>
      Number((await direct.info("stats")).match(/total_commands_processed:(\d+)/)?.[1]);
    const before = await processed();
    await client.get("a");
    await client.pipeline().get("a").set("a", "1").exec();
    // INFO itself is one.
    expect((await processed()) - before).toBe(3 + 1);
    direct.disconnect();
  });

  it("refuses a wrong token everywhere, and what would change the shared connection", async () => {
    const { client, url, options } = await connect();
    const stranger = new Upstash({ url, token: randomUUID(), ...options, retry: { retries: 0 } });
    await expect(stranger.get("a")).rejects.toThrow(/WRONGPASS/);
    await expect(stranger.pipeline().get("a").exec()).rejects.toThrow(/WRONGPASS/);
    await expect(stranger.multi().get("a").exec()).rejects.toThrow(/WRONGPASS/);
    expect((await fetch(url, { method: "POST", body: '["PING"]' })).status).toBe(401);
    await expect(client.exec(["SELECT", "1"])).rejects.toThrow(/not available/);
  });

  it("answers at once while Redis is away, and works again when it is back", async () => {
    const { client, redis } = await connect();
    await redis.kill();
    await expect(client.get("a")).rejects.toThrow();
    await redis.restart();
    await expect.poll(() => client.set("a", "1").catch(() => "away"), { timeout: 5_000 }).toBe("OK");
  });
});
