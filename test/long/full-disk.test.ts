import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Postgres, startPostgres } from "../../bin/local/postgres.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/** A new cluster takes about 60 MB. */
const DISK = "size=150m";

const disk = mkdtempSync(join(tmpdir(), "qr-service-disk-"));
const asRoot = (...command: string[]) => {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  return spawnSync(program, args).status === 0;
};
const mounted = asRoot("mount", "-t", "tmpfs", "-o", DISK, "tmpfs", disk);
if (!mounted) console.log("a full disk is not tested: this user may not mount one");

describe.skipIf(!mounted)("a database on a disk of its own", () => {
  let postgres: Postgres;
  let stack: TestStack;
  beforeAll(async () => {
    postgres = await startPostgres({ dataFolder: join(disk, "postgres") });
    await runMigrations(postgres.url());
    stack = await startTestStack({ env: { DATABASE_URL: postgres.url() } });
  });
  afterAll(async () => {
    await stack?.close();
    await postgres?.stop();
    asRoot("umount", disk);
    rmSync(disk, { recursive: true, force: true });
  });

  const health = async () => (await stack.call("/health", { tenant: null })).json();
  const generate = async () =>
    (await stack.call("/generate", { method: "POST", json: { targetUrl: "https://example.com/" } })).status;

  it("that is full refuses writes, and the health check says so until there is room again", async () => {
    expect(await health()).toMatchObject({ status: "ok", postgres: "ok" });
    expect(await generate()).toBe(201);

    const filler = join(disk, "filler");
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    // What fits into blocks that tables have already is still written.
    const statuses = new Set<number>();
    for (let attempts = 0; attempts < 1_000 && !statuses.has(503); attempts++) statuses.add(await generate());
    expect([...statuses]).toContain(503);
    expect(await health()).toMatchObject({
      status: "degraded",
      postgres: "read-only",
      reason: "the database's disk is full",
    });

    rmSync(filler);
    expect(await health()).toMatchObject({ status: "ok", postgres: "ok" });
    expect(await generate()).toBe(201);
  });
});
