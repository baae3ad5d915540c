import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SETTABLE_FIELDS } from "../../core/code/qr-code.ts";
import { updateOf } from "../../data/postgres/change-statements.ts";
import type { Db } from "../../data/postgres/db.ts";
import { type Connection, postgresDb } from "../../data/postgres/postgres.ts";
import { prepared, preparedName } from "../../data/postgres/prepared.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

const OFTEN = prepared("SELECT value FROM often WHERE id = $1");
const SELDOM = "SELECT value FROM often WHERE id = $1 LIMIT 1";

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await testDatabase();
  await database.sql("CREATE TABLE often AS SELECT 1 AS id, 'a' AS value");
});
afterAll(() => database.drop());

/** One session, so that what it keeps can be looked at. */
function openSession(connection: Connection = {}): void {
  db = postgresDb({ connectionString: database.url, ...connection }, { poolSize: 1, timeoutMs: 3_000 });
}

const kept = async () => {
  const rows = await db.read<{ statement: string }>("SELECT statement FROM pg_prepared_statements", []);
  return rows.map(({ statement }) => statement);
};

describe("a session", () => {
  afterEach(() => db.close());

  it("keeps the statements that are marked, each once, in and out of transactions", async () => {
    openSession();
    for (const sql of [OFTEN, SELDOM, OFTEN]) expect(await db.read(sql, [1])).toEqual([{ value: "a" }]);
    await db.transaction((query) => query(OFTEN, [1]));
    await db.autocommit((query) => query(OFTEN, [1]));
    expect(await kept()).toEqual([OFTEN]);
  });

  it("of a proxy, which lends it to others, keeps none", async () => {
    openSession({ plainSession: true });
    for (let times = 0; times < 2; times++) expect(await db.read(OFTEN, [1])).toEqual([{ value: "a" }]);
    expect(await kept()).toEqual([]);
  });

  it("that prepared a statement before a column changed its type gives way to a new one", async () => {
    openSession();
    const typed = prepared("SELECT id AS typed FROM often");
    await db.read(typed, []);
    await database.sql("ALTER TABLE often ALTER COLUMN id TYPE bigint");
    expect(await db.read(typed, [])).toEqual([{ typed: 1 }]);
  });

  it("is in hand before the work of a single statement begins", async () => {
    openSession();
    const order: string[] = [];
    const free = Promise.withResolvers<void>();
    const holding = db.transaction(async () => {
      order.push("held");
      await free.promise;
      order.push("free");
    });
    const alone = db.autocommit(async (query) => {
      order.push("begins");
      return query("SELECT 1 AS one", []);
    });
    free.resolve();
    expect(await alone).toEqual([{ one: 1 }]);
    await holding;
    expect(order).toEqual(["held", "free", "begins"]);
  });
});

it("of the many kinds of updates that clients can ask for, 32 are prepared", () => {
  const choices = SETTABLE_FIELDS.flatMap((one, index) =>
    SETTABLE_FIELDS.slice(index + 1).map((other) => updateOf([one, other])),
  );
  expect(new Set(choices).size).toBeGreaterThan(32);
  expect(choices.filter((statement) => preparedName(statement)).length).toBe(32);
});
