import type { Db } from "../../../data/postgres/db.ts";
import type { RedisPort } from "../../../data/redis/port.ts";
import { type Services, servicesFrom } from "../../../functions/runtime/services.ts";
import { currentCaller } from "./caller.ts";
import type { History } from "./history.ts";
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

/** Services over the servers of `real`, each of whose calls is a step. */
export function scheduledServices(real: Services, steps: Steps, now: () => number): Promise<Services> {
  return servicesFrom(real.env, {
    redis: scheduledRedis(real.redis, steps),
    db: scheduledDb(real.db, steps),
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

/** A statement that changes something, or a whole transaction, is one step: what it does is seen when it commits. */
function scheduledDb(db: Db, { take, commit }: Steps): Db {
  return {
    read: (sql, values) => take(describeSql(sql), () => db.read(sql, values)),
    readWithin: (limitMs, sql, values) => take(describeSql(sql), () => db.readWithin(limitMs, sql, values)),
    write: (sql, values) =>
      commit(
        describeSql(sql),
        () => db.write(sql, values),
        (rows) => rows.length > 0,
      ),
    transaction: (work) =>
      commit(
        "transaction",
        () => db.transaction(work),
        () => true,
      ),
    close: nothing,
  };
}

const TABLES = ["qr_codes", "pending_invalidations", "event_outbox", "scan_totals"];

/** What the statement does, and to which table. */
function describeSql(sql: string): string {
  const change = /\b(INSERT INTO|UPDATE|DELETE FROM) +\w+/.exec(sql)?.[0];
  return change ?? `SELECT FROM ${TABLES.find((table) => sql.includes(table))}`;
}
