import type { Db, Query, Row } from "../../../data/postgres/db.ts";
import type { RedisPort } from "../../../data/redis/port.ts";
import { type Services, servicesFrom } from "../../../functions/runtime/services.ts";
import { currentCaller } from "./caller.ts";
import type { History, Operation } from "./history.ts";
import type { Turns } from "./turns.ts";

export interface Steps {
  /** Runs `work` when its turn has come, and gives its result back at another turn. */
  take<T>(label: string, work: () => Promise<T>): Promise<T>;
  /** A step that commits the caller's change, unless an earlier one did or nothing `changed`. */
  commit<T>(label: string, work: () => Promise<T>, changed: (result: T) => boolean): Promise<T>;
}

/**
 * Every call waits for its turn twice: before it is sent, and with its reply in hand. So a history is one sequence
 * of calls, and depends on nothing but the order of the turns.
 */
export function stepsOf(turns: Turns, history: History): Steps {
  const commit: Steps["commit"] = async (label, work, changed) => {
    // Asked here, for a step may run in a context of its own.
    const caller = currentCaller.getStore();
    if (!caller) throw new Error(`nobody asked for ${label}`);
    const { operation } = caller;
    let result: ReturnType<typeof work> | undefined;
    const call = async () => {
      result = work();
      const [reply, changes] = await result.then(
        (value) => [describeReply(value), changed(value)] as const,
        (error: unknown) => [` = ${error}`, false] as const,
      );
      const time = history.note(operation, `${label}${reply}`);
      if (changes) operation.committed ??= time;
    };
    const title = `${operation.client} #${operation.number}: ${label}`;
    for (let turn = caller.nextPause(); turn > 0; turn--) await turns.next("", `${title}, later`, nothing);
    await turns.next(caller.nextStep(), title, call);
    await turns.next(caller.nextStep(), `${title}, reply`, nothing);
    return result ?? Promise.reject(new Error(`${label} was not called`));
  };
  return { commit, take: (label, work) => commit(label, work, () => false) };
}

async function nothing(): Promise<void> {}

/** What a script returned: its verdict, without tokens. Rows and values are not told. */
function describeReply(reply: unknown): string {
  const verdict: unknown = Array.isArray(reply) ? reply[0] : reply;
  const isWord = typeof verdict === "string" && /^[a-z]+$/.test(verdict);
  return isWord || typeof verdict === "number" ? ` = ${verdict}` : "";
}

/** Services over the servers of `real`, each of whose calls is a step: those of one process. */
export function scheduledServices(
  real: Services,
  steps: Steps,
  rows: RowLocks,
  now: () => number,
): Promise<Services> {
  return servicesFrom(real.env, {
    redis: scheduledRedis(real.redis, steps),
    db: scheduledDb(real.db, steps, rows),
    log: real.log,
    now,
    sleep: () => steps.take("wait", nothing),
  });
}

function scheduledRedis(redis: RedisPort, { take }: Steps): RedisPort {
  return {
    command: (name, ...args) => take(`${name} ${shortKey(args[0])}`, () => redis.command(name, ...args)),
    script: (script, keys, args) =>
      take(`${script.name} ${shortKey(keys[0])}`, () => redis.script(script, keys, args)),
    close: nothing,
  };
}

function shortKey(key = ""): string {
  return key.replace("qr-service:", "");
}

/**
 * The rows that transactions have changed. A step that waited for the database's own lock would wait for ever, since no other
 * step is taken meanwhile: so a transaction waits here, for the end of the one that holds the row.
 */
export interface RowLocks {
  /** Resolves with what releases the row. */
  take(row: string): Promise<() => void>;
}

export function rowLocks(): RowLocks {
  const held = new Map<string, Promise<void>>();
  return {
    async take(row) {
      while (held.has(row)) await held.get(row);
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(row, promise);
      return () => {
        held.delete(row);
        resolve();
      };
    },
  };
}

/** A statement of its own is one step; so is each of a transaction, whose last is the commit that shows what it changed. */
function scheduledDb(db: Db, { take, commit }: Steps, rows: RowLocks): Db {
  async function transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    const begun = Promise.withResolvers<Query>();
    const mayEnd = Promise.withResolvers<void>();
    let done: Promise<unknown> = Promise.resolve();
    await take("BEGIN", async () => {
      done = db.transaction(async (query) => {
        begun.resolve(query);
        await mayEnd.promise;
      });
      done.catch(begun.reject);
      await begun.promise;
    });
    const query = await begun.promise;
    const held = new Set<string>();
    const { operation } = currentCaller.getStore() ?? {};
    try {
      const result = await work(async (sql, values) => {
        for (const row of lockedBy(sql, values).filter((row) => !held.has(row))) {
          releases.push(await rows.take(row));
          held.add(row);
        }
        const found = await take(describeSql(sql), () => query(sql, values));
        if (operation && sql.includes(GIVEN_ROWS)) noteChanges(operation, found);
        return found as never;
      });
      const end = async () => {
        mayEnd.resolve();
        await done;
        return result;
      };
      return await commit("COMMIT", end, () => hasChanged(result));
    } catch (error) {
      mayEnd.reject(error);
      await done.catch(() => {});
      throw error;
    } finally {
      for (const release of releases) release();
    }
  }

  return scheduledStatements(db, { take, commit }, transaction, rows);
}

/** In statements of several codes, which are given them in JSON. */
const GIVEN_ROWS = "jsonb_to_recordset";

/** The rows that a statement of a transaction locks, in the order of their IDs. */
function lockedBy(sql: string, values: readonly unknown[]): string[] {
  if (sql.includes(GIVEN_ROWS)) {
    const given = JSON.parse(String(values[0])) as { qr_id: string }[];
    return given.map(({ qr_id: qrId }) => qrId).sort();
  }
  // An ID that nobody has yet is held, too: whoever inserts it meanwhile would wait in the database.
  if (/qr_codes.*ANY \(\$2\)/s.test(sql)) return [...(values[1] as string[])].sort();
  if (/qr_codes.*ANY \(\$1\)/s.test(sql)) return [];
  return /qr_codes|api_keys|'api keys'/.test(sql) ? [String(values[0])] : [];
}

function noteChanges(operation: Operation, found: readonly Row[]): void {
  const changed = found.map((row) => String(row.qr_id).replace(/-\d+$/, ""));
  operation.changes = [...(operation.changes ?? []), ...changed];
}

/** Whether what a transaction returned says that it changed something. */
function hasChanged(result: unknown): boolean {
  if (typeof result === "object" && result !== null && "changes" in result)
    return (result.changes as unknown[]).length > 0;
  return result !== undefined && result !== false;
}

function scheduledStatements(
  db: Db,
  { take, commit }: Steps,
  transaction: Db["transaction"],
  rows: RowLocks,
): Db {
  async function holding<T>(sql: string, values: readonly unknown[], work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    for (const row of rowsOf(sql, values)) releases.push(await rows.take(row));
    try {
      return await work();
    } finally {
      for (const release of releases) release();
    }
  }

  const write: Query = (sql, values) =>
    holding(sql, values, () =>
      commit(
        describeSql(sql),
        () => db.write(sql, values) as Promise<never[]>,
        (changed) => changed.length > 0,
      ),
    );

  return {
    read: (sql, values) => holding(sql, values, () => take(describeSql(sql), () => db.read(sql, values))),
    readWithin: (limitMs, sql, values) => take(describeSql(sql), () => db.readWithin(limitMs, sql, values)),
    write,
    transaction,
    autocommit: (work) => work(write),
    close: nothing,
  };
}

/** The rows that a statement of its own changes and that a transaction may hold: of keys in use, and of new and scanned codes. */
function rowsOf(sql: string, values: readonly unknown[]): string[] {
  if (/UPDATE api_keys|INSERT INTO qr_codes/.test(sql)) return [String(values[0])];
  if (!/INSERT INTO scan_events/.test(sql)) return [];
  const scans = JSON.parse(String(values[0])) as { qrId: string }[];
  return [...new Set(scans.map(({ qrId }) => qrId))].sort();
}

const TABLES = ["qr_codes", "pending_invalidations", "event_outbox", "scan_totals", "api_keys"];

/** What the statement does, and to which table. */
function describeSql(sql: string): string {
  const change = /\b(INSERT INTO|UPDATE|DELETE FROM) +\w+/.exec(sql)?.[0];
  if (sql.includes("pg_advisory")) return "LOCK";
  return change ?? `SELECT FROM ${TABLES.find((table) => sql.includes(table))}`;
}
