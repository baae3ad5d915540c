import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { promisify } from "node:util";
import type { Context } from "aws-lambda";
import kafkajs from "kafkajs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "../../bin/local/free-port.ts";
import { createHandlers } from "../../bin/local/handlers.ts";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { LOCAL_TOKENS } from "../../bin/local/tokens.ts";
import { newKey } from "../../core/auth/api-key.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import { noMetrics } from "../../core/telemetry/metrics.ts";
import { commitChanges } from "../../data/commit-changes.ts";
import { invalidateAfterCommit } from "../../data/invalidate-after-commit.ts";
import { kafkaPublisher } from "../../data/kafka/kafka-publisher.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { keepReplaying } from "../../data/keep-replaying.ts";
import { persistEachRecord } from "../../data/persist-records.ts";
import type { Db } from "../../data/postgres/db.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { withBreaker } from "../../data/redis/breaker.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { forgetRestored } from "../../data/redis/restored-cache.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { createHandler as canary } from "../../functions/canary/handler.ts";
import { publicEndpoint } from "../../functions/http/endpoint.ts";
import { routes, triggers } from "../../functions/manifest.ts";
import { createHandler as createPersistScans } from "../../functions/persist-scans/handler.ts";
import { createHandler as createRelay } from "../../functions/relay/handler.ts";
import { housekeep } from "../../functions/relay/housekeep.ts";
import { runRelay } from "../../functions/relay/relay.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { kafkaConfig } from "../../functions/runtime/kafka-config.ts";
import { createLog } from "../../functions/runtime/log.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { gatewayRequest } from "../support/gateway-request.ts";
import { writtenDuring } from "../support/log-capture.ts";
import { scanBatch } from "../support/scan-events.ts";
import { findSecrets } from "../support/secrets-detectors.ts";
import { signedToken, trustedKeys } from "../support/trusted-key.ts";
import { PHONE } from "../support/user-agents.ts";

/*
 * Has the service write every line that it can, by the logger that it has in Lambda and at its most talkative, about
 * requests and servers full of secrets.
 */

const ROOT = join(import.meta.dirname, "../..");
const SECRET = "hidden-0123456789abcdef";
const ADDRESS = "203.0.113.7";
const CLAIMS = { tenant_id: "tenant_a", scope: SCOPES.join(" "), jti: SECRET };
const TOKEN = signedToken(CLAIMS);
const TARGET = `https://example.com/menu?session=${SECRET}`;

const uses = [...routes, ...triggers].flatMap((part) => [...part.uses]);
const log = createLog("DEBUG");

let database: TestDatabase;
let services: Services;
let qrId: string;
let closedPort: number;

beforeAll(async () => {
  database = await testDatabase();
  closedPort = await freePort();
  const env = readEnv(uses, {
    DATABASE_URL: database.url,
    PUBLIC_BASE_URL: "https://qr.example.com",
    ...LOCAL_TOKENS,
    VISITOR_KEY: `visitor-key-${SECRET}-${SECRET}`,
    KAFKA_BROKERS: `127.0.0.1:${closedPort}`,
    KAFKA_AUTH: "plain",
    KAFKA_USERNAME: "relay",
    KAFKA_PASSWORD: SECRET,
  });
  services = await servicesFrom(env, { log, redis: memoryRedis(), issuerKeys: trustedKeys });
  const event = eventOf({ body: JSON.stringify({ targetUrl: TARGET, name: SECRET }) });
  const reply = await createHandlers(services).generate(event, {} as Context);
  qrId = (JSON.parse(reply.body ?? "") as { qrId: string }).qrId;
  await scan(services);
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

const eventOf = (members: object = {}) =>
  gatewayRequest({
    claims: CLAIMS,
    headers: { "user-agent": PHONE, "x-forwarded-for": ADDRESS },
    sourceIp: ADDRESS,
    queryStringParameters: { session: SECRET },
    ...members,
  });

const scan = (over: Services) =>
  createHandlers(over).scan(eventOf({ pathParameters: { qrId } }), {} as Context);

/** A database that refuses every change, with an error of the driver's that quotes a value. */
function refusingDb(): Db {
  const refuse = () => services.db.read<never>("SELECT $1::integer AS n", [SECRET]);
  return { ...services.db, write: refuse, transaction: () => refuse() as never };
}

/** A database that nobody can reach; its connection string holds a password. */
const absentDb = () =>
  postgresDb(`postgres://user:${SECRET}@127.0.0.1:${closedPort}/qr`, { poolSize: 1, timeoutMs: 500 });

const failingPublisher = (failures: number): Publisher => ({
  async publish() {
    if (failures-- > 0) throw new Error("no broker");
  },
  async close() {},
});

/** Runs the relay over what waits until an attempt to publish has ended so. What it can't publish it spills. */
async function relayUntil(
  outcome: "published" | "failed",
  publisher: Publisher,
  over: Partial<Services> = {},
) {
  await scan(services);
  const stopping = new AbortController();
  const watched: Publisher = {
    async publish(events) {
      const sent = publisher.publish(events);
      const [{ status }] = await Promise.allSettled([sent]);
      if ((status === "fulfilled") === (outcome === "published")) stopping.abort();
      return sent;
    },
    close: () => publisher.close(),
  };
  return runRelay({ ...services, ...over }, watched, {
    outboxMaxLength: 0,
    signal: stopping.signal,
    idleMs: Number.POSITIVE_INFINITY,
  });
}

/** One look of a relay at what is pending, whose database refuses to tell of this table. */
const replayRefused = (table: string) => () => {
  const stopping = new AbortController();
  const read: Db["read"] = (sql, values) => {
    if (!sql.includes(table)) return services.db.read(sql, values);
    stopping.abort();
    return refusingDb().write("", []);
  };
  return keepReplaying({ ...services, db: { ...services.db, read } }, stopping.signal, () => {});
};

/** What Upstash's endpoint does, request by request. */
async function upstash(answers: ("refuse" | "reset" | "garble" | "answer")[]): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = answers.shift();
    if (answer === "reset") return request.socket.destroy();
    if (answer === "garble") return response.end(`<html>${SECRET}`);
    const result = answer === "refuse" ? { error: `WRONGTYPE of ${SECRET}` } : { result: "OK" };
    return response.writeHead(answer === "refuse" ? 400 : 200).end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function withUpstash(...answers: Parameters<typeof upstash>[0]): Promise<void> {
  const server = await upstash([...answers]);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const redis = withBreaker(upstashRedis(url, SECRET, 1_000), log);
  for (const _ of answers) await redis.command("SET", `qr-service:link:${SECRET}`, TARGET).catch(() => {});
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** An endpoint that fails in a way that nobody has thought of. */
const failing = (error: () => Promise<unknown> | never) =>
  publicEndpoint(services, async () => {
    throw await error();
  })(eventOf(), {} as Context);

const caught = (work: () => unknown) => async () => {
  try {
    return await work();
  } catch (error) {
    return error;
  }
};

const UNEXPECTED: Record<string, () => unknown> = {
  "a value that Postgres can't read": () => services.db.read("SELECT $1::integer", [SECRET]),
  "a value beyond a type of Postgres": () => services.db.read("SELECT $1::smallint", ["99999999"]),
  "a value twice in Postgres": () =>
    services.db.write("INSERT INTO idempotency_keys VALUES ($1, $1, $1), ($1, $1, $1)", [SECRET]),
  "a text that is no JSON": () => JSON.parse(SECRET),
  "a text that ends as JSON": () => JSON.parse(`{"token":"${SECRET}"`),
  "a text that is no URL": () => new URL(`//user:${SECRET}@`),
  "a URL with credentials": () => fetch(`https://user:${SECRET}@example.com/`),
  "a URL that is none, to be fetched": () => fetch(`/menu?session=${SECRET}`),
  "an error that quotes a URL": () => {
    throw new Error(`can't reach ${TARGET}`);
  },
  "an error whose cause quotes a URL": () => {
    throw new Error("it failed", { cause: new Error(`at postgres://user:${SECRET}@db:5432/qr?x=${SECRET}`) });
  },
  "an error of several lines": () => {
    throw new Error(`it failed\nat ${TARGET}`);
  },
  "a text that was thrown": () => {
    throw `redis://:${SECRET}@cache:6379`;
  },
};

/** Each line by its message, with the ways in which the service comes to write it. */
const LINES: Record<string, Record<string, () => Promise<unknown>>> = {
  "redis refuses a command; the database answers instead": {
    "with an error": () => withUpstash("refuse"),
    "with what is no JSON": () => withUpstash("garble"),
  },
  "redis does not answer; the database answers instead": {
    "over REST": () => withUpstash("reset"),
    "over RESP": async () => {
      const redis = respRedis(`redis://:${SECRET}@127.0.0.1:${closedPort}`, 200);
      await withBreaker(redis, log)
        .command("SET", SECRET, TARGET)
        .catch(() => {});
      await redis.close();
    },
  },
  "redis answers again": { "after a break": () => withUpstash("reset", "answer") },
  "unexpected error": Object.fromEntries(
    Object.entries(UNEXPECTED).map(([name, work]) => [name, () => failing(caught(work))]),
  ),
  "the database does not answer; try again shortly": {
    "in a request": () =>
      createHandlers({ ...services, db: absentDb() }).patch(
        eventOf({ pathParameters: { qrId }, body: JSON.stringify({ targetUrl: TARGET }) }),
        {} as Context,
      ),
  },
  "kafka client": {
    "to brokers that are away": async () => {
      const kafka = new kafkajs.Kafka(await kafkaConfig(services.env, "qr-service-test", log));
      await relayUntil("failed", kafkaPublisher(kafka, "qr.events"));
    },
  },
  "an idle database connection broke": {
    "as the server ends it": async () => {
      await services.db.read("SELECT 1", []);
      const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`;
      await database.sql(end);
      // Once the sessions are gone the client has been sent that they are, and reads it in the next turns.
      const sessions =
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
      await vi.waitFor(async () => expect(await database.sql(sessions)).toEqual([]), { timeout: 10_000 });
      for (let turn = 0; turn < 3; turn++) await turnOfEventLoop();
      await vi.waitFor(() => services.db.read("SELECT 1", []));
    },
  },
  "confirmed invalidations stay pending": {
    "in a change": () =>
      invalidateAfterCommit(
        { ...services, db: refusingDb() },
        { id: 1, mark: "1", tenantId: "tenant_a", qrId, deleted: false },
        { result: "closed" },
      ),
    "in many changes": () =>
      commitChanges({ ...services, db: { ...services.db, write: refusingDb().write } }, async () => ({
        result: undefined,
        changes: [{ id: 1, mark: "1", tenantId: "tenant_a", qrId, deleted: false }],
      })),
  },
  "records went to the dead letters": {
    "of every kind": () => {
      const values = [SECRET, `{"visitor":"${SECRET}"}`, JSON.stringify({ type: SECRET, targetUrl: TARGET })];
      return createPersistScans(services)(scanBatch(values));
    },
  },
  "a record can't be persisted": {
    "without Kafka": () => {
      let calls = 0;
      // The first statement of all is refused; the dead letter's is not.
      const read: Db["read"] = (...args) =>
        (calls++ === 0 ? refusingDb().write : services.db.read)(...args) as never;
      const db = { ...services.db, read };
      return persistEachRecord({ ...services, db }, scanBatch([SECRET]), 13);
    },
  },
  "the canary's scan was not redirected": {
    "as nobody answers": () =>
      canary({ publicUrl: `http://127.0.0.1:${closedPort}`, log, metrics: noMetrics })(),
  },
  "the relay can't publish; events wait in the outbox": {
    "for once": () => relayUntil("failed", failingPublisher(1)),
  },
  "the outbox can't be spilled to the database": {
    "as the database refuses": () => relayUntil("failed", failingPublisher(1), { db: refusingDb() }),
  },
  "invalidations can't be replayed": { "as the database refuses": replayRefused("pending_invalidations") },
  "counters can't be raised": { "as the database refuses": replayRefused("pending_counters") },
  "the relay publishes again": { "after a failure": () => relayUntil("published", failingPublisher(1)) },
  "relay run": {
    "at its end": () =>
      createRelay(services, failingPublisher(0))({}, { getRemainingTimeInMillis: () => 20_100 }),
  },
  "redis is another server than before; what it had cached is forgotten": {
    "after a restart": async () => {
      await services.redis.command("DEL", CacheKeys.runs);
      await services.redis.command("HSET", CacheKeys.runs, "the-run-before", "1");
      await forgetRestored(services);
    },
  },
  "housekeeping is put off": {
    "without a database": () => housekeep({ ...services, db: absentDb() }, { scans: 13, history: 25 }),
  },
  "the use of a key was not noted": {
    "as the database refuses": async () => {
      const { keyId, text, hash } = newKey();
      const key = {
        keyId,
        tenantId: "tenant_a",
        name: SECRET,
        hash,
        scopes: SCOPES,
        expiresAt: null,
        lastUsedAt: 1,
      };
      await services.cache.setCache(`qr-service:api-key:${keyId}`, key, 60);
      const headers = { authorization: `Bearer ${text}` };
      const event = eventOf({ headers, pathParameters: { qrId }, queryStringParameters: {} });
      const over = { ...services, db: { ...services.db, write: refusingDb().write } };
      expect(await createHandlers(over).get(event, {} as Context)).toMatchObject({ statusCode: 200 });
    },
  },
  "the keys of the issuer of tokens can't be read": {
    "as nobody answers": async () => {
      const env = {
        ...services.env,
        TOKEN_KEYS_URL: `http://127.0.0.1:${closedPort}/keys?session=${SECRET}`,
      };
      const over = { ...services, env, issuerKeys: undefined };
      const event = eventOf({ pathParameters: { qrId } });
      expect(await createHandlers(over).get(event, {} as Context)).toMatchObject({ statusCode: 503 });
    },
    "as it is no URL": async () => {
      const env = { ...services.env, TOKEN_KEYS_URL: `data:application/json,${SECRET}` };
      const over = { ...services, env, issuerKeys: undefined };
      const event = eventOf({ pathParameters: { qrId } });
      expect(await createHandlers(over).get(event, {} as Context)).toMatchObject({ statusCode: 503 });
    },
  },
  "a link could not be refreshed ahead of its expiry": {
    "as the database refuses": async () => {
      await scan(services);
      await services.redis.command("HSET", `qr-service:link:${qrId}`, "refreshAt", "1");
      await scan({ ...services, db: { ...services.db, read: refusingDb().write } });
    },
  },
  "migrations ran": {
    "at deploy": async () => {
      const script = "import('./functions/migrate/index.ts').then(({ handler }) => handler())";
      const env = { PATH: process.env.PATH ?? "", DATABASE_URL: database.url, LOG_LEVEL: "DEBUG" };
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: ROOT, env });
      process.stdout.write(stdout);
    },
  },
};

const WAYS = Object.entries(LINES).flatMap(([message, ways]) =>
  Object.entries(ways).map(([way, provoke]) => ({ message, way, provoke })),
);

describe("the line", { timeout: 30_000 }, () => {
  it.each(WAYS)("“$message” ($way) is written, and tells no secret", async ({ message, provoke }) => {
    const lines = await writtenDuring(provoke);
    expect(lines.map((line) => JSON.parse(line).message)).toContain(message);
    const known = [
      SECRET,
      SECRET.slice(0, 8),
      TOKEN.split(".")[1] ?? "",
      ADDRESS,
      "99999999",
      PHONE.slice(0, 20),
    ];
    for (const line of lines) expect(findSecrets(line, known), line).toEqual([]);
  });

  it("of every call in the sources is among these", () => {
    const sources = globSync(["{core,data,functions,bin}/**/*.ts"], { cwd: ROOT });
    const calls = sources.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      const writing = /\b(?:log\s*\.(?:debug|info|warn|error)\(|warnOncePerMinute\(\s*log,)\s*([^\n]*)/g;
      return [...text.matchAll(writing)].map(([, first]) => first);
    });
    expect(calls.length).toBeGreaterThan(10);
    const unknown = calls.filter((first = "") => !Object.keys(LINES).includes(first.split('"')[1] ?? ""));
    expect(unknown.sort()).toEqual([
      // Its message is the error's: “the database does not answer; try again shortly”.
      "expected.message, expected, { requestId });",
      // Those of the function that writes it and its like.
      "message, { ...fields, error: describeError(error) });",
      "message, { cause, repeated, withinS: WINDOW_MS / 1_000 });",
    ]);
  });
});
