import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import { Unavailable } from "../../core/errors.ts";
import type { ScannedEvent } from "../../core/events/schema.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import type { Db, Row } from "../../data/postgres/db.ts";
import { maintainPartitions } from "../../data/postgres/partitions.ts";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { directPublisher } from "../../functions/relay/direct-publisher.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { recordLog } from "../support/log-recorder.ts";

const NOW = Date.parse("2026-03-15T12:00:00.000Z");

let database: TestDatabase;
let db: Db;
let services: Services;
let publisher: Publisher;
/** Fails a statement that holds this text, with this error. */
let fault: { text: string; error: Error } | undefined;

beforeAll(async () => {
  database = await testDatabase();
  db = postgresDb({ connectionString: database.url }, { poolSize: 2, timeoutMs: 10_000 });
  await maintainPartitions(db, NOW, 13);
  const env = readEnv(["postgres", "redis", "outbox", "history"], {
    DATABASE_URL: database.url,
    EVENTS: "direct",
  });
  services = await servicesFrom(env, {
    db: failing(db),
    redis: memoryRedis(),
    log: recordLog(),
    now: () => NOW,
  });
  publisher = directPublisher(services);
});
beforeEach(async () => {
  fault = undefined;
  await database.sql("TRUNCATE scan_events, scan_totals, dead_letters, qr_codes");
});
afterAll(async () => {
  await services.close();
  await database.drop();
});

/** Persisting a batch is one statement. */
function failing(real: Db): Db {
  return {
    ...real,
    read: async <T extends Row>(sql: string, values: unknown[]) => {
      if (fault && JSON.stringify(values).includes(fault.text)) throw fault.error;
      return real.read<T>(sql, values);
    },
    write: async <T extends Row>(sql: string, values: unknown[]) => {
      if (fault && JSON.stringify(values).includes(fault.text)) throw fault.error;
      return real.write<T>(sql, values);
    },
  };
}

function scan(qrId: string, fields: Partial<ScannedEvent> = {}): ScannedEvent {
  return {
    eventId: uuidv7(),
    type: "qr.scanned",
    version: 1,
    occurredAt: new Date(NOW).toISOString(),
    tenantId: "tenant_a",
    qrId,
    targetUrl: "https://example.com/",
    bot: false,
    country: "DE",
    device: "mobile",
    os: "iOS",
    browser: "Safari",
    referrerHost: null,
    visitor: "visitor-1",
    ...fields,
  };
}

const persisted = async (): Promise<string[]> =>
  (await db.read<{ qr_id: string }>("SELECT qr_id FROM scan_events ORDER BY qr_id", [])).map(
    ({ qr_id }) => qr_id,
  );
const deadLetters = () =>
  db.read<{ reason: string; value: string }>("SELECT reason, value FROM dead_letters", []);

describe("events that the relay persists by itself", () => {
  it("are in Postgres when they count as published, and once if they come again", async () => {
    const events = [scan("code-1"), scan("code-2")];
    await publisher.publish(events);
    await publisher.publish(events);
    expect(await persisted()).toEqual(["code-1", "code-2"]);
  });

  it("stay in the outbox while Postgres does not answer", async () => {
    fault = { text: "code-1", error: new Unavailable("postgres") };
    await expect(publisher.publish([scan("code-1")])).rejects.toThrow(Unavailable);
    expect(await deadLetters()).toEqual([]);
    fault = undefined;
    await publisher.publish([scan("code-1")]);
    expect(await persisted()).toEqual(["code-1"]);
  });

  it("do not wait behind one that can't be persisted, which becomes a dead letter", async () => {
    fault = { text: "code-3", error: new Error("a bug") };
    const events = ["code-1", "code-2", "code-3", "code-4", "code-5"].map((qrId) => scan(qrId));
    await publisher.publish(events);
    expect(await persisted()).toEqual(["code-1", "code-2", "code-4", "code-5"]);
    const [dead, ...more] = await deadLetters();
    expect(more).toEqual([]);
    expect(dead?.reason).toBe("a bug");
    expect(Buffer.from(dead?.value ?? "", "base64").toString()).toBe(JSON.stringify(events[2]));
  });

  it("are dead letters where they lie in the future, as with the consumer", async () => {
    await publisher.publish([scan("code-1", { occurredAt: "2027-01-01T00:00:00.000Z" }), scan("code-2")]);
    expect(await persisted()).toEqual(["code-2"]);
    expect(await deadLetters()).toMatchObject([{ reason: "the event lies in the future" }]);
  });

  it("of other types have no history", async () => {
    const { eventId, occurredAt, tenantId, qrId } = scan("code-1");
    const envelope = { eventId, occurredAt, tenantId, qrId, version: 1 as const };
    await publisher.publish([{ ...envelope, type: "qr.deleted" }]);
    expect([await persisted(), await deadLetters()]).toEqual([[], []]);
  });
});
