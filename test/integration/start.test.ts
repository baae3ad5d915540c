import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { getPriority, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { freePort } from "../../bin/local/free-port.ts";
import { findRedisServer } from "../../bin/local/redis-server.ts";
import { headerOf, rawConnection } from "../support/raw-connection.ts";
import { lacks } from "../support/requirements.ts";
import { PHONE } from "../support/user-agents.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const READY = "Ctrl-C stops everything";
const START_DEADLINE_MS = 60_000;
const noRedisServer = await lacks("redis-server");
const noCurl = await lacks("curl");

const folder = mkdtempSync(join(tmpdir(), "qr-service-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(folder, String(folders++));

const onPath = (name: string) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((part) => join(part, name))
    .find((path) => existsSync(path));

/** A PATH with `id`, which Postgres under root needs, and with or without a `redis-server`. */
function pathOf(redis: Redis): string {
  const bin = newFolder();
  mkdirSync(bin);
  for (const program of [onPath("id"), redis === "redis-server" ? findRedisServer() : undefined]) {
    if (program) symlinkSync(program, join(bin, program.slice(dirname(program).length + 1)));
  }
  return bin;
}

type Redis = "redis-server" | "stand-in";
type Variables = Record<string, string>;

interface Run {
  child: ChildProcess;
  pid: number;
  baseUrl: string;
  dataFolder: string;
  env: Variables;
  stdout(): string;
  stderr(): string;
  /** Waits until `text` was printed `times` times. */
  printed(text: string, times?: number): Promise<void>;
  /** Settles with the exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

const running = new Set<Run>();

interface StartOptions {
  env?: Variables;
  redis?: Redis;
  args?: string[];
  cwd?: string;
}

/** Runs the gateway as `npm start` does, with these variables only, on a port and in a data folder of its own. */
async function start({ env: given = {}, redis = "stand-in", ...options }: StartOptions = {}): Promise<Run> {
  const { args = ["bin/local/start.ts"], cwd = ROOT } = options;
  const port = given.PORT ?? String(await freePort());
  const env = { PATH: pathOf(redis), PORT: port, DATA_FOLDER: newFolder(), ...given };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code, signal]) => signal ?? code);
  const started: Run = {
    child,
    pid: child.pid as number,
    baseUrl: `http://localhost:${port}`,
    dataFolder: env.DATA_FOLDER,
    env,
    stdout: () => stdout,
    stderr: () => stderr,
    async printed(text, times = 1) {
      const deadline = Date.now() + START_DEADLINE_MS;
      while (stdout.split(text).length <= times) {
        if (child.exitCode !== null || Date.now() > deadline) {
          throw new Error(`${JSON.stringify(text)} was not printed ${times} times\n${stdout}\n${stderr}`);
        }
        await sleep(10);
      }
    },
    ended,
    end(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
  running.add(started);
  ended.then(() => running.delete(started));
  return started;
}

async function startReady(options?: StartOptions): Promise<Run> {
  const started = await start(options);
  await started.printed(READY);
  return started;
}

/** What a failed test has left. The second signal ends a gateway that hangs, and it ends its servers. */
async function endAll(of: Run[]): Promise<void> {
  for (const left of of) {
    left.child.kill("SIGTERM");
    const hanging = setTimeout(() => left.child.kill("SIGTERM"), 10_000);
    await left.ended;
    clearTimeout(hanging);
  }
}

/** Gateways that tests share, each started at its first use. */
const shared = new Map<Redis, Promise<Run>>();
function sharedGateway(redis: Redis = "stand-in"): Promise<Run> {
  const gateway = shared.get(redis) ?? startReady({ redis });
  shared.set(redis, gateway);
  return gateway;
}

afterEach(async () => {
  const kept = await Promise.all(shared.values());
  await endAll([...running].filter((left) => !kept.includes(left)));
});
afterAll(() => endAll([...running]));

/** The token that was printed last. */
function tokenOf(started: Run): string {
  return /^export TOKEN=(\S+)$/m.exec(started.stdout())?.[1] ?? "";
}

async function call(started: Run, path: string, init: RequestInit = {}, token = tokenOf(started)) {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  return fetch(`${started.baseUrl}${path}`, { redirect: "manual", ...init, headers });
}

async function create(started: Run): Promise<string> {
  const init = {
    method: "POST",
    body: JSON.stringify({ targetUrl: "https://example.com/menu" }),
    headers: { "content-type": "application/json" },
  };
  const reply = await call(started, "/generate", init);
  expect(reply.status).toBe(201);
  return ((await reply.json()) as { qrId: string }).qrId;
}

const scan = (started: Run, qrId: string) =>
  call(started, `/scan/${qrId}`, { headers: { "user-agent": PHONE } });

async function scans(started: Run, qrId: string): Promise<unknown> {
  const reply = await call(started, `/qr/${qrId}/stats`);
  return ((await reply.json()) as { scans: unknown }).scans;
}

/**
 * Processes that name the folder on their command line or hold a file in it open, as every server does with its
 * log; none are found where there is no /proc.
 */
function usersOf(dataFolder: string): number[] {
  if (process.platform !== "linux") return [];
  const held = (pid: string) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dataFolder) ||
    readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(dataFolder);
      } catch {
        return false;
      }
    });
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return held(pid);
      } catch {
        // It ended meanwhile, or is another user's.
        return false;
      }
    })
    .map(Number);
}

/** What it has said on stderr apart from its log. */
const complaints = (started: Run) =>
  linesOf(started.stderr())
    .filter((line) => !line.startsWith("{"))
    .join("\n");

const readable = process.platform === "linux";
const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

describe.each<{ redis: Redis; told: string }>([
  { redis: "redis-server", told: "Redis: a private redis-server on port" },
  { redis: "stand-in", told: "Redis: a stand-in in this process" },
])("the gateway with a $redis", { timeout: 120_000 }, ({ redis, told }) => {
  const skipped = redis === "redis-server" && noRedisServer;

  it.skipIf(skipped)("tells what it does, and then what is real and what is embedded", async () => {
    const gateway = await sharedGateway(redis);
    const [before = "", after = ""] = gateway.stdout().split("\nConsole: ");
    const progress = linesOf(before);
    expect(progress).toContain("… starting Postgres");
    expect(progress).toContain("… bringing the schema up to date");
    expect(progress.filter((line) => !line.startsWith("… "))).toEqual([]);
    expect(linesOf(after).slice(0, 2)).toEqual([`${gateway.baseUrl}/`, `QR service: ${gateway.baseUrl}/qr`]);
    expect(after).toMatch(/^ {2}Postgres: embedded, a real server on port \d+, data in \S+$/m);
    expect(after).toContain(`  ${told}`);
    expect(complaints(gateway)).toBe("");
  });

  it.skipIf(skipped || noCurl)("prints lines that work in bash as they stand", async () => {
    const gateway = await sharedGateway(redis);
    const lines = linesOf(gateway.stdout()).filter((line) => /^(export TOKEN=|ID=|curl )/.test(line));
    const curls = lines.filter((line) => line.includes("curl"));
    expect(curls).toHaveLength(7);
    const cwd = newFolder();
    mkdirSync(cwd);
    // Each line's output is set off, and each has to succeed.
    const script = ["set -eo pipefail", ...lines.flatMap((line) => [line, "echo; echo ----"])].join("\n");
    const { stdout, stderr } = await run("bash", ["-c", script], { cwd });
    expect(stderr).toBe("");
    const [, created, , scanned, counted, changed, listed, deleted] = stdout
      .split("----\n")
      .map((part) => part.trim());

    expect(created).toMatch(/^qr_[1-9A-HJ-NP-Za-km-z]{12}$/);
    const png = readFileSync(join(cwd, "code.png"));
    expect(png.subarray(0, 8)).toEqual(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512]);
    expect(scanned).toMatch(/^HTTP\/1.1 302 /);
    expect(scanned).toMatch(/^location: https:\/\/example\.com\/menu\r?$/m);
    expect(JSON.parse(counted ?? "")).toMatchObject({ qrId: created, scans: 1, today: 1 });
    expect(JSON.parse(changed ?? "")).toMatchObject({ targetUrl: "https://example.com/new-menu" });
    const { qrCodes } = JSON.parse(listed ?? "") as { qrCodes: { qrId: string }[] };
    expect(qrCodes.find(({ qrId }) => qrId === created)).toMatchObject({
      targetUrl: "https://example.com/new-menu",
      scans: 1,
    });
    expect(deleted).toMatch(/^HTTP\/1.1 204 /);
    expect((await call(gateway, `/qr/${created}`)).status).toBe(404);
  });

  it.skipIf(skipped)(
    "keeps codes and counts over a restart, and ends all it has started each time",
    async () => {
      const first = await startReady({ redis });
      if (readable) expect(usersOf(first.dataFolder)).not.toEqual([]);
      const qrId = await create(first);
      for (let count = 0; count < 3; count++) expect((await scan(first, qrId)).status).toBe(302);
      expect(await scans(first, qrId)).toBe(3);
      expect(await first.end("SIGINT")).toBe(0);
      expect(usersOf(first.dataFolder)).toEqual([]);

      const second = await startReady({ env: first.env });
      expect((await call(second, `/qr/${qrId}`)).status).toBe(200);
      expect(await scans(second, qrId)).toBe(3);
      await scan(second, qrId);
      expect(await scans(second, qrId)).toBe(4);
      // The key survives, too: yesterday's token is still good.
      expect((await call(second, `/qr/${qrId}`, {}, tokenOf(first))).status).toBe(200);
      expect(second.stdout()).not.toContain("making a Postgres");
      expect(await second.end("SIGTERM")).toBe(0);
      expect(usersOf(second.dataFolder)).toEqual([]);
      expect(complaints(first) + complaints(second)).toBe("");
    },
  );
});

describe("a start that is interrupted", { timeout: 60_000 }, () => {
  it.each(["starting Postgres", "making a Postgres", "bringing the schema up to date"])(
    "while it says %j leaves nothing running, ends with 0, and can be repeated",
    async (moment) => {
      const started = await start({ redis: noRedisServer ? "stand-in" : "redis-server" });
      await started.printed(moment);
      expect(await started.end("SIGINT")).toBe(0);
      await expect.poll(() => usersOf(started.dataFolder), { timeout: 10_000 }).toEqual([]);
      expect(complaints(started)).toBe("");
      expect(started.stdout()).not.toContain(READY);

      const again = await startReady({ env: started.env });
      expect(await scans(again, await create(again))).toBe(0);
    },
  );
});

describe("a gateway that is told to end", { timeout: 120_000 }, () => {
  /** A request whose second half is yet to come. */
  async function sendHalf(started: Run) {
    const body = JSON.stringify({ targetUrl: "https://example.com/late" });
    const socket = connect(Number(started.env.PORT), "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `POST /generate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokenOf(started)}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    let reply = "";
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.on("error", () => {});
    // Until the gateway has read the first half.
    await call(started, "/health");
    return { finish: () => socket.write(body.slice(10)), reply: () => reply };
  }

  it("answers what is under way, takes no more, and waits for no client that never ends its request", async () => {
    const started = await startReady();
    const [ends, never] = [await sendHalf(started), await sendHalf(started)];
    started.child.kill("SIGTERM");
    await expect.poll(() => fetch(`${started.baseUrl}/health`).catch(() => "refused")).toBe("refused");
    ends.finish();
    // The other one never ends its request: a gateway that waited for it would not end either.
    expect(await started.ended).toBe(0);
    expect(ends.reply()).toMatch(/^HTTP\/1.1 201 /);
    expect(never.reply()).toBe("");
    expect(usersOf(started.dataFolder)).toEqual([]);
  });
});

describe("a gateway under load that is told to end", { timeout: 120_000 }, () => {
  const CLIENTS = 16;

  /** Scans on one connection, one after another, until the gateway ends it; gives how many were redirected. */
  async function keepScanning(port: number, qrId: string, progress: () => void): Promise<number> {
    const client = await rawConnection(port);
    const request = `GET /scan/${qrId} HTTP/1.1\r\nhost: localhost\r\nuser-agent: ${PHONE}\r\n\r\n`;
    for (let sent = 1; ; sent++) {
      client.send(request);
      const [reply] = (await client.answered(sent)).slice(-1);
      expect(reply?.status).toBe(302);
      progress();
      if (headerOf(reply, "connection") !== "close") continue;
      expect(await client.closed).toBeUndefined();
      expect(client.replies()).toHaveLength(sent);
      return sent;
    }
  }

  it("answers all that it has counted, to 16 busy clients, of which none sees a reset", async () => {
    const first = await startReady({ redis: noRedisServer ? "stand-in" : "redis-server" });
    const qrId = await create(first);
    let answered = 0;
    const enough = Promise.withResolvers<void>();
    const progress = () => {
      answered += 1;
      if (answered === CLIENTS * 25) enough.resolve();
    };
    const port = Number(first.env.PORT);
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => keepScanning(port, qrId, progress)));
    await Promise.race([enough.promise, clients]);
    expect(await first.end("SIGTERM")).toBe(0);
    await clients;
    expect(complaints(first)).toBe("");

    const second = await startReady({ env: first.env });
    expect(await scans(second, qrId)).toBe(answered);
  });

  it("ends with 0 at one Ctrl-C, which npm hands on so that it comes twice", async () => {
    const started = await startReady();
    started.child.kill("SIGINT");
    expect(await started.end("SIGINT")).toBe(0);
    expect(usersOf(started.dataFolder)).toEqual([]);
    expect(complaints(started)).toBe("");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("ends at once with a later %s, with %i, and leaves nothing running", async (signal, code) => {
    const started = await startReady();
    // Holds the end up for as long as it may.
    const client = await rawConnection(Number(started.env.PORT));
    client.send(
      `POST /generate HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${tokenOf(started)}\r\n`,
    );
    client.send("content-length: 5\r\nexpect: 100-continue\r\n\r\n");
    await expect.poll(client.received).toContain("100 Continue");
    started.child.kill("SIGINT");
    const again = setInterval(() => started.child.kill(signal), 100);
    expect(await started.ended).toBe(code);
    clearInterval(again);
    await expect.poll(() => usersOf(started.dataFolder), { timeout: 10_000 }).toEqual([]);
  });
});

describe("bodies that are sent where none belongs", { timeout: 120_000 }, () => {
  const CONNECTIONS = 100;
  const MIB = 1024 * 1024;

  /** Bytes of memory that a process holds. */
  const memoryOf = (pid: number) =>
    Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;

  it.skipIf(!readable)("take no memory, and their connections end", async () => {
    const started = await sharedGateway();
    const before = memoryOf(started.pid);
    const head = `GET /scan/abc HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${10 * MIB}\r\n\r\n`;
    const part = "x".repeat(9 * MIB);
    const clients = await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        const client = await rawConnection(Number(started.env.PORT));
        client.send(head);
        client.send(part);
        return client;
      }),
    );
    let highest = before;
    const looking = setInterval(() => {
      highest = Math.max(highest, memoryOf(started.pid));
    }, 10);
    // A client that still sends when the gateway has waited long enough is cut off.
    const ends = await Promise.all(clients.map(async ({ closed }) => (await closed) ?? "ended")).finally(() =>
      clearInterval(looking),
    );
    expect(ends.filter((end) => !["ended", "ECONNRESET", "EPIPE"].includes(end))).toEqual([]);
    expect(clients.map(({ received }) => received().slice(0, 13))).toEqual(
      clients.map(() => "HTTP/1.1 404 "),
    );
    expect((highest - before) / MIB).toBeLessThan(200);
  });
});

describe("a server of its own that dies", { timeout: 120_000 }, () => {
  const serverOf = (started: Run, name: "postgres" | "redis") =>
    (JSON.parse(readFileSync(join(started.dataFolder, name, "server.json"), "utf8")) as { pid: number }).pid;

  it("is started again if it is Postgres, and what was committed is there", async () => {
    const started = await startReady();
    const qrId = await create(started);
    process.kill(serverOf(started, "postgres"), "SIGKILL");
    await started.printed("… Postgres has ended (SIGKILL): starting it again");
    await started.printed("… Postgres runs again");
    expect((await call(started, `/qr/${qrId}/stats`)).status).toBe(200);
    const second = await create(started);
    expect(await (await call(started, "/qr")).json()).toMatchObject({
      qrCodes: [{ qrId: second }, { qrId }],
    });
    expect(await started.end()).toBe(0);
    expect(usersOf(started.dataFolder)).toEqual([]);
    expect(complaints(started)).toBe("");
  });

  it.skipIf(noRedisServer)("is started again if it is Redis, and scans go on being counted", async () => {
    const started = await startReady({ redis: "redis-server" });
    const qrId = await create(started);
    await scan(started, qrId);
    process.kill(serverOf(started, "redis"), "SIGKILL");
    await started.printed("… Redis has ended (SIGKILL): starting it again");
    expect((await scan(started, qrId)).status).toBe(302);
    await started.printed("… Redis runs again");
    await expect
      .poll(async () => ((await (await call(started, "/health")).json()) as { redis: unknown }).redis, {
        timeout: 30_000,
      })
      .toBe("ok");
    expect((await scan(started, qrId)).status).toBe(302);
    await expect.poll(() => scans(started, qrId), { timeout: 30_000 }).toBe(3);
    expect(await started.end()).toBe(0);
    expect(usersOf(started.dataFolder)).toEqual([]);
  });

  it.each([
    ["can't start again", "global", /^Postgres can't be kept running: Postgres did not start on port \d+: /],
    ["has lost its data", ".", /^Postgres can't be kept running: its data in \S+ is gone\. /],
  ])("ends the gateway with 1 and says plainly why if it %s", async (_what, part, reason) => {
    const started = await startReady();
    const data = join(started.dataFolder, "postgres", "data");
    // Held still, it can't notice what is taken from it before it is killed.
    const pid = serverOf(started, "postgres");
    process.kill(pid, "SIGSTOP");
    renameSync(join(data, part), join(started.dataFolder, "moved"));
    process.kill(pid, "SIGKILL");
    expect(await started.ended).toBe(1);
    expect(complaints(started)).toMatch(reason);
    expect(complaints(started)).toContain("The gateway can't go on without it and ends.");
    expect(usersOf(started.dataFolder)).toEqual([]);
  });
});

describe.skipIf(noRedisServer)("relay and consumer beside a real Redis", { timeout: 120_000 }, () => {
  const CLIENTS = 8;

  /** The process that runs them; none while it is started again. */
  function pipelineOf(started: Run): number | undefined {
    return usersOf(started.dataFolder).find((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pipeline-process"),
    );
  }

  /** The scans that the history holds, and those that are counted. */
  async function figures(started: Run, qrId: string) {
    const reply = await call(started, `/qr/${qrId}/stats?days=2`);
    const { scans: counted, daily } = (await reply.json()) as { scans: number; daily: { scans: number }[] };
    return { counted, persisted: daily.reduce((sum, day) => sum + day.scans, 0) };
  }

  /** Waits for as long as something is added to what is persisted at least every half a minute. */
  async function shows(started: Run, qrId: string, scans: number): Promise<void> {
    const persisted = async () => (await figures(started, qrId)).persisted;
    for (let before = await persisted(); before < scans; before = await persisted())
      await expect.poll(persisted, { timeout: 30_000 }).toBeGreaterThan(before);
    expect(await figures(started, qrId)).toEqual({ counted: scans, persisted: scans });
  }

  /**
   * Clients that scan until they are told to stop; says how many scans were redirected.
   *
   * @param pauseMs what each waits after a reply
   */
  function scanning(started: Run, qrId: string, pauseMs = 0) {
    let stopped = false;
    let answered = 0;
    const client = async () => {
      for (; !stopped; answered++) {
        expect((await scan(started, qrId)).status).toBe(302);
        if (pauseMs > 0) await sleep(pauseMs);
      }
    };
    const clients = Promise.all(Array.from({ length: CLIENTS }, client));
    return {
      answered: () => answered,
      async stop() {
        stopped = true;
        await clients;
        return answered;
      },
    };
  }

  it("run in a process of their own, with a lower priority, and in this one beside the stand-in", async () => {
    const beside = await sharedGateway("redis-server");
    expect(beside.stdout()).toContain(
      "Events: handed to the consumer in a process of its own (no KAFKA_BROKERS)",
    );
    const within = await sharedGateway("stand-in");
    expect(within.stdout()).toContain("Events: handed to the consumer in this process (no KAFKA_BROKERS)");
    if (!readable) return;
    expect(getPriority(pipelineOf(beside))).toBe(getPriority(beside.pid) + 10);
    expect(pipelineOf(within)).toBeUndefined();
  });

  it.skipIf(!readable)(
    "lose no scan and count none twice while that process is killed again and again",
    async () => {
      const started = await startReady({ redis: "redis-server" });
      const qrId = await create(started);
      const clients = scanning(started, qrId, 10);
      for (let death = 1; death <= 5; death++) {
        const before = clients.answered();
        await expect.poll(() => clients.answered(), { timeout: 30_000 }).toBeGreaterThan(before + 50);
        process.kill(pipelineOf(started) ?? 0, "SIGKILL");
        await started.printed("… The relay's process has ended (SIGKILL): starting it again", death);
        await started.printed("… The relay's process runs again", death);
      }
      await shows(started, qrId, await clients.stop());
      expect(await started.end()).toBe(0);
      expect(usersOf(started.dataFolder)).toEqual([]);
      expect(complaints(started)).toBe("");
    },
  );

  it.skipIf(!readable)(
    "end cleanly at Ctrl-C while a backlog waits, which the next start works off",
    async () => {
      const started = await startReady({ redis: "redis-server" });
      const qrId = await create(started);
      const pipeline = pipelineOf(started) ?? 0;
      // Held still, it leaves all to the outbox.
      process.kill(pipeline, "SIGSTOP");
      const clients = scanning(started, qrId);
      await expect.poll(() => clients.answered(), { timeout: 30_000 }).toBeGreaterThan(2_000);
      const answered = await clients.stop();
      expect((await figures(started, qrId)).persisted).toBeLessThan(answered);
      started.child.kill("SIGINT");
      process.kill(pipeline, "SIGCONT");
      expect(await started.ended).toBe(0);
      expect(usersOf(started.dataFolder)).toEqual([]);

      const again = await startReady({ env: started.env });
      await shows(again, qrId, answered);
    },
  );

  it.skipIf(!readable)("are ended although that process hangs", async () => {
    const started = await startReady({ redis: "redis-server" });
    process.kill(pipelineOf(started) ?? 0, "SIGSTOP");
    expect(await started.end("SIGINT")).toBe(0);
    expect(usersOf(started.dataFolder)).toEqual([]);
  });

  it.skipIf(!readable)(
    "outlive no gateway that is killed, and what waits is persisted by the next one",
    async () => {
      const started = await startReady({ redis: "redis-server" });
      const qrId = await create(started);
      for (let count = 0; count < 20; count++) await scan(started, qrId);
      started.child.kill("SIGKILL");
      await expect.poll(() => pipelineOf(started), { timeout: 20_000 }).toBeUndefined();

      const again = await startReady({ env: started.env });
      await shows(again, qrId, 20);
    },
  );

  it("end the start with one line if Kafka is named and does not answer", async () => {
    const env = { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` };
    const started = await start({ env, redis: "redis-server" });
    expect(await started.ended).toBe(1);
    expect(complaints(started)).toMatch(/^Kafka can't be used: [^\n]*$/);
    expect(usersOf(started.dataFolder)).toEqual([]);
  });
});

describe("a start that can't succeed", { timeout: 60_000 }, () => {
  async function failure(env: Variables): Promise<string> {
    const started = await start({ env });
    expect([await started.ended, started.stderr()]).toEqual([1, expect.stringMatching(/^[^\n]+\n$/)]);
    expect(usersOf(started.dataFolder)).toEqual([]);
    expect(started.stdout()).not.toContain(READY);
    return started.stderr().trim();
  }

  it("says that the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      expect(await failure({ PORT: String(port) })).toBe(
        `can't listen on 127.0.0.1:${port}: the port is taken; set PORT to another one`,
      );
    } finally {
      other.close();
    }
  });

  it.each([
    { REDIS_URL: "localhost:6379" },
    { REDIS_URL: "redis://:secret@" },
    { PORT: "65536", LOG_LEVEL: "loud" },
    {
      REDIS_URL: "redis://:secret@localhost:99999",
      UPSTASH_REDIS_REST_URL: "redis://localhost",
      REDIS_TIMEOUT_MS: "-1",
      DATABASE_URL: "mysql://root:secret@localhost/qr",
      DATABASE_POOL_SIZE: "0",
      DATABASE_TIMEOUT_MS: "soon",
      PUBLIC_BASE_URL: "qr.example.com",
      VISITOR_KEY: "secret",
    },
  ] satisfies Variables[])(
    "names what is malformed in %j before it starts anything, and repeats no secret",
    async (variables) => {
      const started = await start({ env: variables });
      expect(await started.ended).toBe(1);
      expect(started.stderr()).toMatch(/^[^\n]+\n$/);
      const named = started.stderr().trim().split("; ");
      expect(named.map((problem) => problem.replace(/ must .*/, "")).sort()).toEqual(
        Object.keys(variables).sort(),
      );
      expect(started.stderr()).not.toContain("secret");
      expect(started.stdout()).toBe("");
      expect(existsSync(join(started.dataFolder, "postgres"))).toBe(false);
    },
  );

  it("names what is missing beside UPSTASH_REDIS_REST_URL", async () => {
    expect(await failure({ UPSTASH_REDIS_REST_URL: "https://redis.example" })).toContain(
      "UPSTASH_REDIS_REST_TOKEN",
    );
  });

  it("says that the given database does not answer", async () => {
    const url = `postgres://user:secret@127.0.0.1:${await freePort()}/qr`;
    const line = await failure({ DATABASE_URL: url });
    expect(line).toMatch(/^The database can't be brought up to date: .*ECONNREFUSED/);
    expect(line).not.toContain("secret");
  });

  it("names an address that this machine does not have", async () => {
    expect(await failure({ HOST: "198.51.100.7" })).toContain("198.51.100.7");
  });

  it("names a data folder that is a file, or that lies below one", async () => {
    const file = newFolder();
    writeFileSync(file, "");
    expect(await failure({ DATA_FOLDER: file })).toBe(`Can't use ${file} as a data folder: it is a file`);
    const below = join(file, "data");
    expect(await failure({ DATA_FOLDER: below })).toContain(`Can't use ${below} as a data folder: ENOTDIR`);
  });

  it.skipIf(!readable)("names a data folder that the file system does not let it make", async () => {
    expect(await failure({ DATA_FOLDER: "/proc/qr-service/data" })).toContain("/proc/qr-service");
  });

  it.each(["jwt-key.json", "memory-redis.json"])("names a %s that is broken", async (name) => {
    const dataFolder = newFolder();
    mkdirSync(dataFolder);
    writeFileSync(join(dataFolder, name), "{");
    expect(await failure({ DATA_FOLDER: dataFolder })).toContain(join(dataFolder, name));
  });

  it("refuses the data folder of a running gateway, which goes on", async () => {
    const first = await sharedGateway();
    const second = await start({ env: { DATA_FOLDER: first.dataFolder } });
    expect(await second.ended).toBe(1);
    expect(linesOf(second.stderr())).toEqual([
      expect.stringContaining(`in use by the running process ${first.pid}`),
    ]);
    expect((await call(first, "/qr")).status).toBe(200);
  });
});

describe("a REDIS_URL that nobody answers at", { timeout: 120_000 }, () => {
  it("starts all the same, is degraded, answers, and says so in one log line", async () => {
    const url = `redis://:secret@127.0.0.1:${await freePort()}`;
    const started = await startReady({ env: { REDIS_URL: url } });
    expect(started.stdout()).toContain(`Redis: yours at ${new URL(url).host} (REDIS_URL)`);
    const qrId = await create(started);
    for (let count = 0; count < 20; count++) expect((await scan(started, qrId)).status).toBe(302);
    const reply = await call(started, "/health");
    expect([reply.status, await reply.json()]).toEqual([
      200,
      expect.objectContaining({ status: "degraded", redis: "failing", postgres: "ok" }),
    ]);
    const log = linesOf(started.stdout() + started.stderr()).filter((line) => line.startsWith("{"));
    expect(log.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: "WARN",
        message: "redis does not answer; the database answers instead",
      }),
    ]);
    expect(started.stdout() + started.stderr()).not.toContain("secret");
  });
});

describe("the token command", { timeout: 60_000 }, () => {
  const token = (args: string[], env: Variables) =>
    run(process.execPath, ["bin/local/token.ts", ...args], { cwd: ROOT, env });

  it("prints one token, which the running gateway takes for what it says and no more", async () => {
    const started = await sharedGateway();
    const { stdout, stderr } = await token(["tenant_a", "tenant_b", "--scope", "qr:read"], started.env);
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/), ""]);
    const list = (tenant: string) =>
      call(started, "/qr", { headers: { "x-tenant-id": tenant } }, stdout.trim());
    expect((await list("tenant_a")).status).toBe(200);
    expect((await list("tenant_b")).status).toBe(200);
    expect((await list("tenant_acme")).status).toBe(403);
    const write = { method: "POST", body: "{}", headers: { "x-tenant-id": "tenant_a" } };
    const refused = await call(started, "/generate", write, stdout.trim());
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("qr:write")]);
  });

  it("makes the same key as a gateway that starts at the same time, readable to its owner only", async () => {
    const env = { DATA_FOLDER: newFolder() };
    const issued = await Promise.all(["a", "b", "c", "d"].map((tenant) => token([tenant], env)));
    const keys = issued.map(({ stdout }) => JSON.parse(atob(stdout.split(".")[0] ?? "")).kid);
    expect(new Set(keys).size).toBe(1);
    expect(readdirSync(env.DATA_FOLDER)).toEqual(["jwt-key.json"]);
    expect(statSync(join(env.DATA_FOLDER, "jwt-key.json")).mode & 0o777).toBe(0o600);
  });

  it.each([
    [[], "usage: "],
    [["a:b"], "the tenant"],
    [[""], "the tenant"],
    [["a".repeat(65)], "the tenant"],
    [["a", "--scope", "qr:owner"], "qr:owner"],
    [["a", "--scope"], "--scope"],
    [["a", "--scope", "--scope"], "--scope"],
    [["a", "--admin"], "--admin"],
  ])("answers %j in one line on stderr, with exit code 1", async (args, said) => {
    const env = { DATA_FOLDER: newFolder() };
    await expect(token(args, env)).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(new RegExp(`^[^\\n]*${said}[^\\n]*\\n$`)),
    });
    expect(existsSync(env.DATA_FOLDER)).toBe(false);
  });

  describe("under npm", () => {
    const npm = (args: string[]) =>
      run("npm", args, {
        cwd: ROOT,
        env: { PATH: process.env.PATH ?? "", HOME: folder, DATA_FOLDER: join(folder, "npm") },
      });
    const ONE_TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+\n$/;

    it("prints the token and nothing else with -s", async () => {
      const args = ["run", "-s", "token", "--", "tenant_a", "tenant_b", "--scope", "qr:read"];
      expect(await npm(args)).toEqual({ stdout: expect.stringMatching(ONE_TOKEN), stderr: "" });
    });

    it("without it warns, on stderr, of the lines that npm puts before the token", async () => {
      const { stdout, stderr } = await npm(["run", "token", "--", "tenant_a"]);
      const lines = stdout.split("\n").slice(0, -1);
      expect(`${lines.pop()}\n`).toMatch(ONE_TOKEN);
      expect(lines.filter((line) => line !== "" && !line.startsWith("> "))).toEqual([]);
      expect(linesOf(stderr)).toEqual([expect.stringContaining("npm run -s token")]);
    });
  });
});

describe("npm run dev", { timeout: 120_000 }, () => {
  /** A copy of the sources that can be touched. */
  function copySources(): string {
    const copy = newFolder();
    mkdirSync(copy);
    for (const part of ["bin", "console", "core", "data", "functions", "openapi.json", "package.json"]) {
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    return copy;
  }

  const script = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts.dev as string;

  it("starts anew after each change, on the same port, and leaves no server behind", async () => {
    const cwd = copySources();
    const [command, ...args] = script.split(" ");
    expect(command).toBe("node");
    const started = await start({ args, cwd, redis: noRedisServer ? "stand-in" : "redis-server" });
    await started.printed(READY);
    const qrId = await create(started);
    let servers = usersOf(started.dataFolder);

    // The last one is loaded by the first scan that needs it.
    const changes = ["bin/local/banner.ts", "functions/scan/error-page.ts"];
    await scan(started, "unknown-code");
    for (const [restarts, file] of changes.entries()) {
      appendFileSync(join(cwd, file), "\n// changed\n");
      await started.printed(READY, restarts + 2);
      const after = usersOf(started.dataFolder);
      expect(after.filter((pid) => servers.includes(pid))).toEqual([]);
      servers = after;
      expect((await call(started, `/qr/${qrId}`)).status).toBe(200);
      await scan(started, "unknown-code");
    }

    // One change right after another, the second while it starts.
    appendFileSync(join(cwd, changes[0] ?? ""), "\n// changed again\n");
    await started.printed("… starting Postgres", changes.length + 2);
    appendFileSync(join(cwd, changes[1] ?? ""), "\n// changed again\n");
    await started.printed(READY, changes.length + 2);
    expect((await call(started, `/qr/${qrId}`)).status).toBe(200);
    expect(complaints(started)).toBe("");

    await started.end("SIGINT");
    await expect.poll(() => usersOf(started.dataFolder), { timeout: 10_000 }).toEqual([]);
  });
});
