import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { lacks } from "../support/requirements.ts";

/** Each run bundles a function, on a busy machine. */
const TIMEOUT = 60_000;

describe.skipIf(await lacks("redis-server"))("npm run invoke", { timeout: TIMEOUT }, () => {
  let database: TestDatabase;
  let redis: RedisServer;
  const folder = mkdtempSync(join(tmpdir(), "qr-invoke-test-"));

  beforeAll(async () => {
    database = await testDatabase();
    redis = await startRedisServer();
  });
  afterAll(async () => {
    await redis.stop();
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  function invoke(...args: string[]): Promise<{ code: number; reply: string; errors: string }> {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_FOLDER: folder };
    return new Promise((resolve) => {
      execFile(process.execPath, ["bin/invoke/main.ts", ...args], { env }, (error, reply, errors) =>
        resolve({ code: Number(error?.code ?? 0), reply, errors }),
      );
    });
  }

  it("runs a bundled function on an event, over the servers that are named", async () => {
    const made = await invoke("generate", "functions/generate/event.json");
    expect(made.errors).not.toContain("Error");
    expect(JSON.parse(made.reply)).toMatchObject({ statusCode: 201 });
    const scanned = await invoke("scan", "functions/scan/event.json");
    expect(JSON.parse(scanned.reply)).toMatchObject({
      statusCode: 302,
      headers: { location: "https://example.com/menu" },
    });
  });

  it("runs what takes no event, and persists without Kafka what was scanned", async () => {
    const relayed = await invoke("relay");
    expect(JSON.parse(relayed.reply)).toMatchObject({ published: expect.any(Number), failures: 0 });
    const rows = await database.sql("SELECT qr_id FROM scan_events");
    expect(JSON.stringify(rows)).toContain("summer-menu");
  });

  it.each([
    [["nothing"], /^usage: npm run invoke -- <function> \[event\.json\]/],
    [["scan", "no-such-file.json"], /^there is no file no-such-file\.json$/],
    [["create-topic"], /KAFKA_BROKERS or MSK_CLUSTER_ARN is required/],
  ])("says in a line what is wrong with %o", async (args, line) => {
    const { code, reply, errors } = await invoke(...args);
    expect([code, reply]).toEqual([1, ""]);
    expect(errors.trim()).toMatch(line);
  });
});
