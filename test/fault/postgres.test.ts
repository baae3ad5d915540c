import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { FAST_SETTINGS, type Postgres, startPostgres } from "../../bin/local/postgres.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { adminSql } from "../support/admin-sql.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import {
  answerOf,
  type EndpointName,
  expectUnavailable,
  newTenant,
  round,
  TARGET,
} from "../support/failure-matrix.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

/** The service's bound on connecting and on a statement. */
const TIMEOUT_MS = 400;
/** A connection that rests this long has to show that it is alive. */
const LONG_REST_MS = 60_000;

const cleanUps: (() => unknown)[] = [];
async function cleanUp(): Promise<void> {
  vi.restoreAllMocks();
  for (const step of cleanUps.splice(0).reverse()) await step();
}
afterEach(cleanUp);

interface Service {
  stack: TestStack;
  proxy: FaultProxy;
  database: TestDatabase;
}

/** The service, whose way to Postgres leads through a proxy. */
async function startService(poolSize = 1, timeoutMs = TIMEOUT_MS): Promise<Service> {
  const proxy = await startFaultProxy(Number(new URL(inject("postgresUrl")).port));
  cleanUps.push(proxy.stop);
  const database = await testDatabase();
  cleanUps.push(database.drop);
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const env = {
    DATABASE_URL: url.href,
    DATABASE_POOL_SIZE: String(poolSize),
    DATABASE_TIMEOUT_MS: String(timeoutMs),
  };
  const stack = await startTestStack({ env });
  cleanUps.push(stack.close);
  return { stack, proxy, database };
}

/** A service with a pool of one connection, as a Lambda sandbox has it, for all tests that need no other. */
let service: Service;
const lastCleanUps: (() => unknown)[] = [];
beforeAll(async () => {
  service = await startService();
  lastCleanUps.push(...cleanUps.splice(0));
});
beforeEach(async () => {
  await service.proxy.become({ kind: "pass" });
  await vi.waitFor(() => service.stack.services.db.read("SELECT 1", []), { timeout: 5_000, interval: 10 });
});
afterAll(async () => {
  cleanUps.push(...lastCleanUps);
  await cleanUp();
});

/** The service's sessions. They carry no name; those of the tests' own statements are gone or are this one. */
const SESSIONS = "pid <> pg_backend_pid() AND datname = current_database() AND application_name = ''";
const endSessions = ({ database }: Service) =>
  database.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${SESSIONS}`);

/** Makes it later. Nothing but the clock tells a process that it was frozen. */
function rest(): void {
  const later = Date.now() + LONG_REST_MS;
  vi.spyOn(Date, "now").mockImplementation(() => later);
}

/** Waits until so many of the service's statements wait for a lock. */
async function waiting({ database }: Service, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const where = `${SESSIONS} AND wait_event_type = 'Lock'`;
      expect(await database.sql(`SELECT 1 FROM pg_stat_activity WHERE ${where}`)).toHaveLength(count);
    },
    { timeout: 5_000, interval: 10 },
  );
}

/** Holds a lock on all codes, as a migration or a forgotten session would, until it is released. */
async function lockCodes({ database }: Service): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: database.url, application_name: "lock" });
  await client.connect();
  await client.query("BEGIN; LOCK TABLE qr_codes IN ACCESS EXCLUSIVE MODE");
  let released = false;
  const release = async () => {
    if (!released) await client.end();
    released = true;
  };
  cleanUps.push(release);
  return release;
}

const generate = ({ stack }: Service, tenant: string, key?: string) =>
  stack.call("/generate", {
    method: "POST",
    tenant,
    json: { targetUrl: TARGET },
    headers: key === undefined ? {} : { "idempotency-key": key },
  });

/** How many codes of a tenant there are beyond those that `newTenant` made. */
async function generated({ database }: Service, tenant: string): Promise<number> {
  const rows = await database.sql("SELECT 1 FROM qr_codes WHERE tenant_id = $1 AND qr_id LIKE 'qr\\_%'", [
    tenant,
  ]);
  return rows.length;
}

const statusOf = async (name: EndpointName, { stack }: Service, tenant: string) =>
  (await answerOf(name, stack, tenant)).reply.status;

describe("a connection that died while it rested", () => {
  const DEATHS: [string, (service: Service) => Promise<unknown>][] = [
    ["was ended by the server", endSessions],
    [
      "was reset",
      async ({ proxy }) => {
        await proxy.become({ kind: "reset" });
        await proxy.become({ kind: "pass" });
      },
    ],
    [
      "died unseen, as a thaw finds it",
      async ({ proxy }) => {
        await proxy.become({ kind: "black-hole" });
        await proxy.become({ kind: "pass" });
        rest();
      },
    ],
  ];

  it.each(DEATHS)("(it %s) is replaced within a read", async (_how, die) => {
    const tenant = await newTenant(service.database.sql);
    expect(await statusOf("get", service, tenant)).toBe(200);
    await die(service);
    expect(await statusOf("list", service, tenant)).toBe(200);
  });

  it.each(DEATHS)("(it %s) is replaced within a write, which runs once", async (_how, die) => {
    const tenant = await newTenant(service.database.sql);
    expect(await statusOf("get", service, tenant)).toBe(200);
    await die(service);
    for (const key of [undefined, randomUUID()]) {
      expect((await generate(service, tenant, key)).status).toBe(201);
    }
    expect(await generated(service, tenant)).toBe(2);
  });

  it("is found dead in much less time than a statement may take, which is more than this test may", {
    timeout: 7_000,
  }, async () => {
    const service = await startService(1, 8_000);
    const tenant = await newTenant(service.database.sql);
    expect(await statusOf("get", service, tenant)).toBe(200);
    await service.proxy.become({ kind: "black-hole" });
    await service.proxy.become({ kind: "pass" });
    rest();
    expect(await statusOf("list", service, tenant)).toBe(200);
  });

  it("is not asked for a sign of life before each statement of a busy process", async () => {
    const { db } = service.stack.services;
    await db.read("SELECT 1", []);
    service.proxy.becomeAfter(1, { kind: "reset" });
    await db.read("SELECT 1", []);
    expect(service.proxy.struck).toBe(0);
  });
});

describe("a connection that breaks under a statement", () => {
  it("is replaced once within a read", async () => {
    const tenant = await newTenant(service.database.sql);
    const release = await lockCodes(service);
    const answer = answerOf("get", service.stack, tenant);
    await waiting(service, 1);
    await endSessions(service);
    await waiting(service, 1);
    await release();
    expect((await answer).reply.status).toBe(200);
    const again = await lockCodes(service);
    const refused = answerOf("list", service.stack, tenant);
    for (let attempt = 0; attempt < 2; attempt++) {
      await waiting(service, 1);
      await endSessions(service);
    }
    expectUnavailable(await refused);
    await again();
  });

  it("ends a write with a 503, and the write does not run again", async () => {
    const tenant = await newTenant(service.database.sql);
    for (const key of [undefined, randomUUID()]) {
      const release = await lockCodes(service);
      const reply = generate(service, tenant, key);
      await waiting(service, 1);
      await endSessions(service);
      expect((await reply).status).toBe(503);
      await release();
      expect(await generated(service, tenant)).toBe(0);
    }
  });

  it("never makes two codes of one Idempotency-Key, wherever in the request it breaks", async () => {
    const { proxy } = service;
    let broken = 0;
    for (const fault of [{ kind: "cut", bytes: 3 }, { kind: "reset" }] as const) {
      for (let messages = 0; ; messages++) {
        const [tenant, key] = [await newTenant(service.database.sql), randomUUID()];
        await generate(service, "other");
        proxy.becomeAfter(messages, fault);
        const first = await generate(service, tenant, key);
        const { struck } = proxy;
        await proxy.become({ kind: "pass" });
        expect([201, 503]).toContain(first.status);
        if (first.status === 503) broken += 1;
        const retry = await generate(service, tenant, key);
        expect(retry.status).toBe(201);
        if (first.status === 201) expect(retry.headers.get("idempotent-replayed")).toBe("true");
        expect(await generated(service, tenant)).toBe(1);
        if (struck === 0) break;
      }
    }
    expect(broken).toBeGreaterThan(4);
  });

  it("(its client vanished) soon lets go of the Idempotency-Key that it had claimed", async () => {
    const tenant = await newTenant(service.database.sql);
    const key = randomUUID();
    await generate(service, "other");
    // BEGIN and the claim of the key pass; the server never hears of the client again.
    service.proxy.becomeAfter(4, { kind: "black-hole" });
    expect((await generate(service, tenant, key)).status).toBe(503);
    await service.proxy.become({ kind: "pass" });
    await vi.waitFor(async () => expect((await generate(service, tenant, key)).status).toBeLessThan(300), {
      timeout: 5_000,
      interval: 50,
    });
    expect(await generated(service, tenant)).toBe(1);
  });

  it("does not end the process when what comes back is no Postgres's", async () => {
    const tenant = await newTenant(service.database.sql);
    await statusOf("get", service, tenant);
    await service.proxy.become({ kind: "garbage", reply: Buffer.from([0x3f, 0, 0, 0, 4]) });
    for (const name of ["list", "generate"] as const) {
      expectUnavailable(await answerOf(name, service.stack, tenant));
    }
    await service.proxy.become({ kind: "pass" });
    expect(await statusOf("list", service, tenant)).toBe(200);
  });
});

describe("a statement that takes too long", () => {
  it("ends in a 503 in time, while what is cached is answered; then all goes on", async () => {
    const service = await startService(3);
    const [cached, cold] = [await newTenant(service.database.sql), await newTenant(service.database.sql)];
    const names = ["list", "get", "scan"] as const;
    await round(service.stack, cached, names);
    const release = await lockCodes(service);
    const { messages } = service.proxy;
    const ofCached = await round(service.stack, cached, names);
    expect(ofCached.statuses).toEqual({ list: 200, get: 200, scan: 302 });
    expect(service.proxy.messages, "nothing cached asks the database").toBe(messages);
    // The lock is held until each has been answered.
    for (const name of ["list", "get", "scan", "generate", "patch", "delete"] as const) {
      expectUnavailable(await answerOf(name, service.stack, cold));
    }
    // A lock is no matter of what is searched for.
    const search = await service.stack.call("/qr?q=menu", { tenant: cold });
    expectUnavailable({ reply: search, body: await search.text() });
    await release();
    const after: number[] = [];
    for (const name of ["list", "get", "scan", "patch", "delete"] as const) {
      after.push(await statusOf(name, service, cold));
    }
    expect(after).toEqual([200, 200, 302, 200, 204]);
  });
});

describe("a server that is away", () => {
  it.each(["reset", "black-hole"] as const)(
    "(%s) is logged once for each cause, not with each of 60 requests that meet it",
    async (kind) => {
      const { stack, proxy } = await startService(4, 100);
      const tenant = await newTenant(stack.database.sql);
      await proxy.become({ kind });
      const ask = () => stack.call("/qr?limit=1", { tenant });
      const replies = await Promise.all(Array.from({ length: 60 }, ask));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([503]));
      const causes = stack.log.lines
        .filter(({ message }) => message.includes("the database does not answer"))
        .map(({ fields }) => {
          const { code, message } = (fields.error as { cause: { code?: string; message: string } }).cause;
          return code ?? message;
        });
      expect(causes).not.toEqual([]);
      expect(causes).toEqual([...new Set(causes)]);
    },
  );
});

describe("a pool of one connection", () => {
  it("serves 50 generates with keys of their own at a time", async () => {
    const service = await startService(1, 8_000);
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => generate(service, "busy", randomUUID())),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(await generated(service, "busy")).toBe(50);
  });

  it("serves 50 generates with one key at a time, and makes one code", async () => {
    const service = await startService(1, 8_000);
    const replies = await Promise.all(Array.from({ length: 50 }, () => generate(service, "busy", "one-key")));
    expect(replies.map(({ status }) => status)).toEqual(Array(50).fill(201));
    expect(replies.filter(({ headers }) => headers.get("idempotent-replayed") === "true")).toHaveLength(49);
    expect(await generated(service, "busy")).toBe(1);
  });
});

describe("a server without a connection to spare", () => {
  it("is a 503 for those who get none, and serves the others", async () => {
    const database = await testDatabase();
    cleanUps.push(database.drop);
    const role = `limited_${randomUUID().replaceAll("-", "")}`;
    await database.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'limited-secret' CONNECTION LIMIT 1`);
    await database.sql(`GRANT pg_read_all_data, pg_write_all_data TO ${role}`);
    cleanUps.push(() => adminSql(inject("postgresUrl"), `DROP ROLE ${role}`));
    const url = new URL(database.url);
    [url.username, url.password] = [role, "limited-secret"];
    const stack = await startTestStack({ env: { DATABASE_URL: url.href, DATABASE_POOL_SIZE: "5" } });
    cleanUps.push(stack.close);
    const tenants = await Promise.all(Array.from({ length: 10 }, () => newTenant(database.sql)));
    const answers = await Promise.all(tenants.map((tenant) => answerOf("list", stack, tenant)));
    const refused = answers.filter(({ reply }) => reply.status !== 200);
    expect(answers.length - refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    refused.forEach(expectUnavailable);
    expect(JSON.stringify(stack.log.lines)).not.toContain("limited-secret");
    expect((await answerOf("list", stack, tenants[0] ?? "")).reply.status).toBe(200);
  });
});

describe("a server that restarts in mid-flight", () => {
  it("is a 503 for a while; what is cached is answered, and nothing that was acknowledged is lost", async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), "qr-service-restart-"));
    cleanUps.push(() => rm(dataFolder, { recursive: true, force: true }));
    const options = { dataFolder, settings: FAST_SETTINGS };
    let server: Postgres = await startPostgres(options);
    cleanUps.push(() => server.stop());
    const { port } = server;
    await runMigrations(server.url());
    const sql: TestDatabase["sql"] = (statement, values) => adminSql(server.url(), statement, values);
    const env = { DATABASE_URL: server.url(), DATABASE_TIMEOUT_MS: String(TIMEOUT_MS) };
    const stack = await startTestStack({ env });
    cleanUps.push(stack.close);
    const tenant = await newTenant(sql);
    const cached = ["list", "get", "scan"] as const;
    await round(stack, tenant, cached);

    const acknowledged: string[] = [];
    const statuses = new Set<number>();
    let running = true;
    const client = async () => {
      while (running) {
        const answer = await answerOf("generate", stack, "writer");
        statuses.add(answer.reply.status);
        if (answer.reply.status === 201) acknowledged.push(JSON.parse(answer.body).qrId);
        else expectUnavailable(answer);
      }
    };
    const clients = Promise.all([client(), client(), client()]);
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(10), { timeout: 10_000 });
    await server.stop();
    expect((await round(stack, tenant, cached)).statuses).toEqual({ list: 200, get: 200, scan: 302 });
    await vi.waitFor(() => expect(statuses).toContain(503), { timeout: 10_000 });
    server = await startPostgres({ ...options, port });
    const before = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 10), { timeout: 15_000 });
    running = false;
    await clients;
    const rows = await sql<{ qr_id: string }>("SELECT qr_id FROM qr_codes WHERE tenant_id = 'writer'");
    expect(acknowledged.filter((qrId) => !rows.some((row) => row.qr_id === qrId))).toEqual([]);
    expect([...statuses].sort()).toEqual([201, 503]);
  }, 60_000);
});

describe("the pool", () => {
  it("is closed although a server hangs", async () => {
    const { proxy, database } = service;
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const db = postgresDb(url.href, { poolSize: 2, timeoutMs: TIMEOUT_MS });
    await db.read("SELECT 1", []);
    await proxy.become({ kind: "black-hole" });
    await expect(db.read("SELECT 1", [])).rejects.toMatchObject({ kind: "unavailable" });
    // The server never answers: a pool that waited for it would not be closed.
    await db.close();
  });
});
