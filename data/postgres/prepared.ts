/** Names by the statements' texts. */
const names = new Map<string, string>();

/**
 * Has a statement parsed once for each connection, and planned for any values once Postgres has found that this is no worse
 * (https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES): most of what a short statement costs. For
 * statements that find single rows or days by a key, whatever the values are and however many rows there are: a plan is kept until
 * Postgres has analysed the tables again. Each connection keeps all of them.
 *
 * @param sql one of a few texts of this process
 * @returns the same
 */
export function prepared(sql: string): string {
  if (!names.has(sql)) names.set(sql, `statement_${names.size + 1}`);
  return sql;
}

/** The name that a statement is prepared by; `undefined` if it is not. */
export function preparedName(sql: string): string | undefined {
  return names.get(sql);
}
