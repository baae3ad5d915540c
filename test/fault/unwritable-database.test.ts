import { chownSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CacheKeys } from "../../data/redis/keys.ts";
import { adminSql } from "../support/admin-sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

let stack: TestStack;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  stack = await startTestStack({ env: { DATABASE_URL: database.url, DATABASE_POOL_SIZE: "1" } });
});
afterAll(async () => {
  await stack?.close();
  await database?.drop();
});

const OK = { status: "ok", redis: "ok", breaker: "closed", postgres: "ok" };

async function health(): Promise<{ status: number; body: unknown }> {
  const reply = await stack.call("/health", { tenant: null });
  return { status: reply.status, body: await reply.json() };
}

async function generate(): Promise<{ status: number; body: Record<string, unknown> }> {
  const reply = await stack.call("/generate", {
    method: "POST",
    json: { targetUrl: "https://example.com/" },
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

/** Alters what new sessions begin with, and lets the service connect anew. */
async function alterDatabase(change: string): Promise<void> {
  const admin = inject("postgresUrl");
  const name = new URL(database.url).pathname.slice(1);
  await adminSql(admin, `ALTER DATABASE "${name}" ${change}`);
  await adminSql(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [name]);
}

describe("a database that takes no writes", () => {
  it("is called read-only with its reason, refuses changes with 503, and still answers reads and scans", async () => {
    const { body: code } = await generate();
    expect(await health()).toEqual({ status: 200, body: OK });

    await alterDatabase("SET default_transaction_read_only = on");
    try {
      expect(await health()).toEqual({
        status: 200,
        body: {
          ...OK,
          status: "degraded",
          postgres: "read-only",
          reason: "the database takes no writes: it is a replica, or was set to read-only",
        },
      });
      const refused = await generate();
      expect([refused.status, refused.body.type]).toEqual([503, "urn:problem:qr-service:unavailable"]);
      await stack.services.redis.command("DEL", CacheKeys.code("tenant_a", String(code.qrId)));
      expect((await stack.call(`/qr/${code.qrId}`)).status).toBe(200);
      const scan = await stack.call(`/scan/${code.qrId}`, { tenant: null, headers: { "user-agent": PHONE } });
      expect(scan.status).toBe(302);
    } finally {
      await alterDatabase("RESET default_transaction_read_only");
    }
    expect(await health()).toEqual({ status: 200, body: OK });
    expect((await generate()).status).toBe(201);
  });
});

describe("a database whose disk is full", () => {
  it("is called read-only with its reason", async () => {
    expect(await health()).toEqual({ status: 200, body: OK });
    const clean = await fillDiskOfSession();
    try {
      expect(await health()).toEqual({
        status: 200,
        body: { ...OK, status: "degraded", postgres: "read-only", reason: "the database's disk is full" },
      });
    } finally {
      clean();
    }
    await expect.poll(health).toEqual({ status: 200, body: OK });
  });

  /**
   * Where the service's session writes its next temporary files, there is a device that is always full. (A disk of its
   * own, which needs the right to mount one, is filled in the long suite.)
   */
  async function fillDiskOfSession(): Promise<() => void> {
    const [session] = await stack.services.db.read<{ pid: number; folder: string }>(
      "SELECT pg_backend_pid() AS pid, current_setting('data_directory') AS folder",
      [],
    );
    if (!session) throw new Error("the database did not say which process serves the session");
    // Started by root, the server holds its folder by a descriptor.
    const data = session.folder.replace("/proc/self/", `/proc/${session.pid}/`);
    const folder = join(data, "base/pgsql_tmp");
    const { uid, gid } = statSync(data);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, uid, gid);
    const files = Array.from({ length: 100 }, (_, index) => join(folder, `pgsql_tmp${session.pid}.${index}`));
    for (const file of files) symlinkSync("/dev/full", file);
    return () => {
      for (const file of files) rmSync(file, { force: true });
    };
  }
});
