import { availableParallelism } from "node:os";
import { setImmediate as settled } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { fewTransactions, transactionLimits } from "../../bin/local/few-transactions.ts";
import { Busy } from "../../core/errors.ts";
import type { Db } from "../../data/postgres/db.ts";

afterEach(() => vi.useRealTimers());

const limits = (running: number, waiting: number) => ({
  running,
  runningPerTenant: running,
  waiting,
  waitingPerTenant: waiting,
  maxWaitMs: 1_000,
});

/** A database whose transactions end when the test says so. */
function world(limits: Parameters<typeof fewTransactions>[1]) {
  const ends: (() => void)[] = [];
  const inner = {
    transaction: (work: () => Promise<unknown>) =>
      work().then((result) => new Promise((resolve) => ends.push(() => resolve(result)))),
  } as unknown as Db;
  const { db } = fewTransactions({ db: inner }, limits);
  const begun: number[] = [];
  return {
    begun,
    change: (n: number, tenantId = "acme") => db.transaction(async () => begun.push(n), tenantId),
    async endOldest() {
      ends.shift()?.();
      await settled();
    },
  };
}

it("so many transactions run at once, and the others begin in the order in which they came", async () => {
  const { begun, change, endOldest } = world(limits(2, 8));
  for (let n = 1; n <= 5; n++) void change(n);
  await settled();
  expect(begun).toEqual([1, 2]);
  await endOldest();
  expect(begun).toEqual([1, 2, 3]);
  await endOldest();
  await endOldest();
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});

it("a tenant's changes leave a place to another tenant's", async () => {
  const { begun, change, endOldest } = world({ ...limits(2, 8), runningPerTenant: 1 });
  for (const n of [1, 2, 3]) void change(n);
  await settled();
  expect(begun).toEqual([1]);
  void change(4, "beta");
  await settled();
  expect(begun).toEqual([1, 4]);
  await endOldest();
  expect(begun).toEqual([1, 4, 2]);
});

const ENV = { DATABASE_TIMEOUT_MS: "2000", DATABASE_URL: "postgres://qr@127.0.0.1:5432/qr" };

it("of all that there are, one place at least is another tenant's", () => {
  const env = { ...ENV, DATABASE_POOL_SIZE: "2" };
  for (const size of ["2", "4", "64"]) {
    const { running, runningPerTenant } = transactionLimits({ env: { ...env, DATABASE_POOL_SIZE: size } });
    expect(runningPerTenant).toBeGreaterThan(0);
    expect(running - runningPerTenant).toBe(1);
  }
});

it.each([
  ["postgres://qr@localhost/qr", Math.min(availableParallelism(), 32)],
  ["postgres://qr@127.0.0.1:5432/qr", Math.min(availableParallelism(), 32)],
  ["postgres://qr@[::1]/qr", Math.min(availableParallelism(), 32)],
  ["postgres:///qr?host=/run/postgresql", Math.min(availableParallelism(), 32)],
  ["postgres://qr@db.example/qr", 32],
  ["postgres://qr@10.0.0.7:5432/qr", 32],
])(
  "as many run as there are processors where Postgres shares them, else half of the connections: %s",
  (url, running) => {
    const env = { ...ENV, DATABASE_POOL_SIZE: "64", DATABASE_URL: url };
    expect(transactionLimits({ env })).toMatchObject({ running: Math.max(2, running) });
  },
);

it("one that would wait behind too many never begins", async () => {
  const { begun, change } = world(limits(1, 1));
  for (const n of [1, 2]) void change(n);
  await expect(change(3)).rejects.toBeInstanceOf(Busy);
  expect(begun).toEqual([1]);
});

it("one that has waited for too long is refused at its turn and leaves its place to the next", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { begun, change, endOldest } = world(limits(1, 8));
  void change(1);
  await settled();
  const refused = expect(change(2)).rejects.toBeInstanceOf(Busy);
  vi.advanceTimersByTime(1_001);
  void change(3);
  await endOldest();
  await refused;
  expect(begun).toEqual([1, 3]);
});
