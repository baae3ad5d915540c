import pg from "pg";
import { DATABASE, Unavailable } from "../../core/errors.ts";
import { type Db, type Query, type Row, StatementTooLong } from "./db.ts";
import { preparedName } from "./prepared.ts";

/** How to reach the database, as the driver takes it. */
export interface Connection {
  connectionString?: string;
  host?: string;
  port?: number;
  user?: string;
  database?: string;
  /** Asked for each new connection: a rotated password is noticed at the next one. */
  password?: () => Promise<string>;
  /** TLS, with a certificate that this authority signed for the server's name. */
  ssl?: { ca: string };
  /** Nothing is kept in a session: no statement is prepared, and the bounds are those of the server's own configuration. */
  plainSession?: true;
}

export interface PostgresOptions {
  poolSize: number;
  /** Bound on connecting, on each statement and on idling in a transaction, in ms; see `DATABASE_TIMEOUT_MS`. */
  timeoutMs: number;
  /** Called when an idle connection breaks; the pool has already dropped it. */
  onIdleError?: (error: Error) => void;
}

/** A connection that rested longer than this may have died unseen, as in a frozen sandbox. In milliseconds. */
const TRUSTED_IDLE_MS = 5_000;

/** A server that is there answers at once; one that is not must leave time for another connection. */
const SIGN_OF_LIFE = { text: "SELECT 1", query_timeout: 500 };

/** Opens a pool. Nothing is connected before the first query. */
export function postgresDb(database: string | Connection, options: PostgresOptions): Db {
  const { plainSession, ...connection }: Connection =
    typeof database === "string" ? { connectionString: database } : database;
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize,
    connectionTimeoutMillis: options.timeoutMs,
    ...(plainSession ? {} : boundsOf(options)),
    // The server ends a slow statement first; this is for a server that does not answer at all.
    query_timeout: options.timeoutMs + 500,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: true,
    types: { getTypeParser },
  });
  const lastUsed = new WeakMap<pg.PoolClient, number>();
  pool.on("error", (error) => {
    // A server that stops while the pool is being closed is no news.
    if (!pool.ending) options.onIdleError?.(error);
  });
  // The pool listens to idle connections only. A connection that breaks while checked out rejects its query and also
  // emits `error`, which would end the process without a listener.
  pool.on("connect", (client) => client.on("error", () => {}));

  /** Lends a connection that is known to be alive. */
  async function withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await aliveClient();
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionError(error)) broken = error as Error;
      throw error;
    } finally {
      lastUsed.set(client, Date.now());
      client.release(broken);
    }
  }

  async function aliveClient(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    if (Date.now() - (lastUsed.get(client) ?? Date.now()) < TRUSTED_IDLE_MS) return client;
    try {
      await client.query(SIGN_OF_LIFE);
      return client;
    } catch (error) {
      client.release(error as Error);
      return aliveClient();
    }
  }

  const run =
    (client: pg.PoolClient): Query =>
    async <T extends Row>(sql: string, values: unknown[]) => {
      // A proxy lends a server's session to many clients, and would lend one for good that keeps something.
      const name = plainSession ? undefined : preparedName(sql);
      return (await client.query<T>({ ...(name && { name }), text: sql, values })).rows;
    };

  /** Runs `work` between `begin` and COMMIT, on one connection. */
  const inTransaction = <T>(begin: string, work: (query: Query) => Promise<T>): Promise<T> =>
    withClient(async (client) => {
      await client.query(begin);
      try {
        const result = await work(run(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        if (!isConnectionError(error)) await client.query("ROLLBACK");
        throw error;
      }
    });

  /** `work` with a query that `lend` lends it; begun once. */
  const changing =
    (lend: <T>(work: (query: Query) => Promise<T>) => Promise<T>): Db["transaction"] =>
    (work) => {
      let begun = false;
      const attempt = () =>
        lend((query) => {
          begun = true;
          return work(query);
        });
      return available(() => repeatable(attempt, () => !begun));
    };

  return {
    read: (sql, values) =>
      available(() => repeatable(() => withClient((client) => run(client)(sql, values) as never))),

    readWithin: (limitMs, sql, values) => {
      const begin = `BEGIN READ ONLY; SET LOCAL statement_timeout = ${Math.min(limitMs, options.timeoutMs)};
        SET LOCAL lock_timeout = ${Math.ceil(Math.min(limitMs, options.timeoutMs) / 2)}`;
      const work = (query: Query) => query(sql, values).catch(rethrowLate) as never;
      return available(() => repeatable(() => inTransaction(begin, work)));
    },

    write: (sql, values) => available(() => withClient((client) => run(client)(sql, values) as never)),

    transaction: changing((work) => inTransaction("BEGIN", work)),

    autocommit: changing((work) => withClient((client) => work(run(client)))),

    close: () => pool.end(),
  };
}

/**
 * Bounds that the server enforces. A client that vanished or stalled within a transaction must neither keep its locks nor
 * commit when its mark has expired (`CACHE_TTL.mark`).
 */
function boundsOf({ timeoutMs }: PostgresOptions) {
  return { statement_timeout: timeoutMs, idle_in_transaction_session_timeout: timeoutMs };
}

/** 64-bit integers as numbers: every count of this service stays below 2^53. */
function getTypeParser(oid: number, format?: "text" | "binary"): unknown {
  if (oid === pg.types.builtins.INT8) return Number;
  return pg.types.getTypeParser(oid, format as never);
}

async function available<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isConnectionError(error)) throw new Unavailable(DATABASE, { cause: error });
    throw error;
  }
}

/** What may safely run twice, as a read, is tried again if its connection broke. */
async function repeatable<T>(attempt: () => Promise<T>, mayRepeat = () => true): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!mayRepeat() || !isBrokenConnection(error)) throw error;
    return attempt();
  }
}

/** Distinguishes a statement that ran too long (57014) from one that waited for a lock (55P03). */
function rethrowLate(error: unknown): never {
  const { code } = error as { code?: string };
  if (code === "57014") throw new StatementTooLong("it took longer than it may", { cause: error });
  if (code === "55P03") throw new Unavailable(DATABASE, { cause: error });
  throw error;
}

/** The connection was there and broke: another attempt may succeed at once. */
function isBrokenConnection(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  if (isOutdatedSession(error)) return true;
  return code === "ECONNRESET" || code === "EPIPE" || code.startsWith("57P") || /terminated/i.test(message);
}

/** A column has another type now than when the session prepared the statement. A new session prepares it anew. */
function isOutdatedSession(error: unknown): boolean {
  const { code, routine } = error as { code?: string; routine?: string };
  return code === "0A000" && routine === "RevalidateCachedQuery";
}

/**
 * The server could not be reached, went away, took too long or can't write. SQLSTATE classes: 08 connection, 53
 * insufficient resources, 57 operator intervention, which includes a cancelled statement; 25006 is a read-only server,
 * as one is after a failover until this process connects to the new one, and 58030 an error of its disk
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
function isConnectionError(error: unknown): boolean {
  const { code = "", message = "" } = error as NodeJS.ErrnoException;
  if (/^(08|53|57|25006|58030)/.test(code) || /^E[A-Z_]+$/.test(code) || isOutdatedSession(error))
    return true;
  return code === "" && /connect|terminated|timeout|closed|invalid response/i.test(message);
}
