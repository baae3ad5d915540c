import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { removeTogether } from "../../bin/local/remove-together.ts";
import { Unavailable } from "../../core/errors.ts";
import type { Db } from "../../data/postgres/db.ts";
import { REPLAY_GRACE_MS } from "../../data/postgres/pending-invalidations.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Services that note which IDs each statement deletes. */
function world(write: () => Promise<never[]> = async () => []) {
  const deleted: unknown[] = [];
  const warned: string[] = [];
  const db = {
    write: (_sql: string, [ids]: unknown[]) => {
      deleted.push(ids);
      return write();
    },
  } as unknown as Db;
  const log = { warn: (message: string) => warned.push(message) } as never;
  const close = async () => void deleted.push("closed");
  const services: Parameters<typeof removeTogether>[0] = { db, log, close };
  const { confirmed, close: closeBoth } = removeTogether(services);
  if (!confirmed) throw new Error("nothing removes what is confirmed");
  return { confirmed, closeBoth, deleted, warned };
}

it("what many changes had confirmed is deleted by one statement, long before it would be replayed", async () => {
  const { confirmed, deleted } = world();
  for (const id of [1, 2, 3]) await confirmed.remove([id]);
  expect(deleted).toEqual([]);
  await vi.advanceTimersByTimeAsync(REPLAY_GRACE_MS / 2);
  expect(deleted).toEqual([[1, 2, 3]]);
  await confirmed.remove([4]);
  await vi.advanceTimersByTimeAsync(REPLAY_GRACE_MS / 2);
  expect(deleted).toEqual([[1, 2, 3], [4]]);
});

it("what waits is deleted before the database is closed, and not again", async () => {
  const { confirmed, closeBoth, deleted } = world();
  await confirmed.remove([1]);
  await closeBoth();
  await vi.advanceTimersByTimeAsync(REPLAY_GRACE_MS);
  expect(deleted).toEqual([[1], "closed"]);
});

it("nothing is asked of the database where nothing waits", async () => {
  const { closeBoth, deleted } = world();
  await closeBoth();
  expect(deleted).toEqual(["closed"]);
});

it("a database that is away is told of in the log, and what is confirmed later is deleted", async () => {
  let away = true;
  const { confirmed, deleted, warned } = world(async () => {
    if (away) throw new Unavailable("the database");
    return [];
  });
  await confirmed.remove([1]);
  await vi.advanceTimersByTimeAsync(REPLAY_GRACE_MS);
  expect(warned).toEqual(["confirmed invalidations stay pending"]);
  away = false;
  await confirmed.remove([2]);
  await vi.advanceTimersByTimeAsync(REPLAY_GRACE_MS);
  expect(deleted).toEqual([[1], [2]]);
});
