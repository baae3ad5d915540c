import { setImmediate as settled } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { fewTransactions } from "../../bin/local/few-transactions.ts";
import { Busy } from "../../core/errors.ts";
import type { Db } from "../../data/postgres/db.ts";

afterEach(() => vi.useRealTimers());

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
    change: (n: number) => db.transaction(async () => begun.push(n)),
    async endOldest() {
      ends.shift()?.();
      await settled();
    },
  };
}

it("so many transactions run at once, and the others begin in the order in which they came", async () => {
  const { begun, change, endOldest } = world({ running: 2, waiting: 8, maxWaitMs: 1_000 });
  for (let n = 1; n <= 5; n++) void change(n);
  await settled();
  expect(begun).toEqual([1, 2]);
  await endOldest();
  expect(begun).toEqual([1, 2, 3]);
  await endOldest();
  await endOldest();
  expect(begun).toEqual([1, 2, 3, 4, 5]);
});

it("one that would wait behind too many never begins", async () => {
  const { begun, change } = world({ running: 1, waiting: 1, maxWaitMs: 1_000 });
  for (const n of [1, 2]) void change(n);
  await expect(change(3)).rejects.toBeInstanceOf(Busy);
  expect(begun).toEqual([1]);
});

it("one that has waited for too long is refused at its turn and leaves its place to the next", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { begun, change, endOldest } = world({ running: 1, waiting: 8, maxWaitMs: 1_000 });
  void change(1);
  await settled();
  const refused = expect(change(2)).rejects.toBeInstanceOf(Busy);
  vi.advanceTimersByTime(1_001);
  void change(3);
  await endOldest();
  await refused;
  expect(begun).toEqual([1, 3]);
});
