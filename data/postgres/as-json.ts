/** A row of a statement by `asJson`. */
export type Answer<T> = { answer: T };

/**
 * A query whose rows are one value in JSON each, under the names of their columns. For a statement that finds one row: the
 * driver needs several times as long for the names and types of a dozen columns as for that. An instant is ISO 8601 with the
 * session's offset, and has as many digits as it needs.
 */
export function asJson(query: string): string {
  return `SELECT row_to_json(answer) AS answer FROM (${query}) AS answer`;
}
