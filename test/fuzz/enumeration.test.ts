import { customAlphabet } from "nanoid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresDb } from "../../data/postgres/postgres.ts";
import { type CountingDb, countingDb } from "../support/counting-db.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { PHONE } from "../support/user-agents.ts";

const IDS = 25;
const newId = customAlphabet("ABCXYZabcxyz0189_-", 15);

let database: TestDatabase;
let db: CountingDb;
let stack: TestStack;
beforeAll(async () => {
  database = await testDatabase();
  db = countingDb(postgresDb(database.url, { poolSize: 5, timeoutMs: 10_000 }));
  stack = await startTestStack({ db });
});
afterAll(async () => {
  await stack.close();
  await database.drop();
});

type Ask = (id: string) => Promise<Response>;
const visitor = { tenant: null, headers: { "user-agent": PHONE } };

const WAYS: Record<string, Ask> = {
  "GET /scan/{qrId}": (id) => stack.call(`/scan/${id}`, visitor),
  "HEAD /scan/{qrId}": (id) => stack.call(`/scan/${id}`, { ...visitor, method: "HEAD" }),
  "GET /qr/{qrId}": (id) => stack.call(`/qr/${id}`),
  "GET /qr/{qrId} as a picture": (id) => stack.call(`/qr/${id}?format=png`),
  "GET /qr/{qrId}/picture": (id) => stack.call(`/qr/${id}/picture`),
  "GET /qr/{qrId}/picture, as if it were there": (id) =>
    stack.call(`/qr/${id}/picture`, { headers: { "if-none-match": "*" } }),
  "GET /qr/{qrId}/stats": (id) => stack.call(`/qr/${id}/stats`),
  "GET /qr/{qrId}/scans": (id) => stack.call(`/qr/${id}/scans`),
};

describe.each(Object.entries(WAYS))("whoever tries out IDs by %s", (_name, ask) => {
  const ids = Array.from({ length: IDS }, newId);

  it("costs the database one statement for each that is new, and none when it comes again", async () => {
    for (const expected of [IDS, 0, 0]) {
      const statements = await db.during(async () => {
        for (const id of ids) expect((await ask(id)).status).toBe(404);
      });
      expect(statements).toHaveLength(expected);
    }
  });

  it("costs it no more when all are tried at once", async () => {
    const fresh = Array.from({ length: IDS }, newId);
    const statements = await db.during(() => Promise.all([...fresh, ...ids].map(ask)));
    expect(statements).toHaveLength(IDS);
  });
});
