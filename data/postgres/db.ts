/** One row: column names as the query gives them. */
export type Row = Record<string, unknown>;

export type Query = <T extends Row>(sql: string, values: unknown[]) => Promise<T[]>;

/** The server ended a statement that took longer than its bound. */
export class StatementTooLong extends Error {
  override name = "StatementTooLong";
}

/**
 * The database as the stores see it. Rejects with `Unavailable` if the server can't be reached or does not answer
 * in time, and with the driver's error (its `code` is an SQLSTATE) if it refuses a statement.
 */
export interface Db {
  /** A statement that may safely run twice: on a broken connection it is repeated once, on a fresh one. */
  read: Query;
  /**
   * The same for a statement that may turn out to take long: the server ends it after `limitMs`.
   *
   * @throws StatementTooLong if the server did; `Unavailable` if it waited that long for a lock
   */
  readWithin<T extends Row>(limitMs: number, sql: string, values: unknown[]): Promise<T[]>;
  /** A statement that changes something, and is its own transaction. Never repeated once it was sent. */
  write: Query;
  /**
   * Several statements in one transaction, which is rolled back if `work` throws. `work` never runs twice.
   *
   * @param tenantId whose change it is, for a process that divides its transactions among tenants
   */
  transaction<T>(work: (query: Query) => Promise<T>, tenantId?: string): Promise<T>;
  /**
   * One statement that is its own transaction, after something that must not be long before it: `work` begins with a
   * connection in hand. Never repeated.
   *
   * @param work sends exactly one statement
   * @param tenantId as of `transaction`
   */
  autocommit<T>(work: (query: Query) => Promise<T>, tenantId?: string): Promise<T>;
  close(): Promise<void>;
}
