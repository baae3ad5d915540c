import type { Db, Query } from "../../data/postgres/db.ts";

export interface CountingDb extends Db {
  /** The statements that are sent to the database while `work` runs, in order. */
  during(work: () => Promise<unknown>): Promise<string[]>;
}

/** Notes each statement on its way to `db`. */
export function countingDb(db: Db): CountingDb {
  let statements: string[] = [];
  const noted =
    (query: Query): Query =>
    (sql, values) => {
      statements.push(sql);
      return query(sql, values);
    };
  return {
    read: noted(db.read),
    readWithin: (limitMs, sql, values) =>
      noted((counted, bound) => db.readWithin(limitMs, counted, bound))(sql, values),
    write: noted(db.write),
    transaction: (work) => db.transaction((query) => work(noted(query))),
    autocommit: (work) => db.autocommit((query) => work(noted(query))),
    close: () => db.close(),
    async during(work) {
      statements = [];
      await work();
      return statements;
    },
  };
}
