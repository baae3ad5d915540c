import { setImmediate as nextTurn } from "node:timers/promises";
import * as z from "zod";
import { BYTE_ORDER_MARK, csvLines } from "../../core/csv/write.ts";
import type { HttpReply } from "./reply.ts";

/**
 * Most bytes of a page, as the JSON string in which Lambda hands it over: a reply may have 6 MB
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). Compressed it has less.
 */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Most rows of a page. */
export const MAX_ROWS = 10_000;

/** Rows that are read at once: one statement. */
export const SLICE = 1_000;

/** A page that took so long, in ms, is handed over as it is, well before its function's time is up. */
const MAX_PAGE_MS = 3_000;

export type RowFormat = "csv" | "ndjson";

/** The parameters of a page of rows. */
export const rowsQuery = {
  format: z
    .enum(["csv", "ndjson"], "must be csv or ndjson")
    .default("csv")
    .meta({ description: "`csv` (RFC 4180; the default) or `ndjson`, a JSON object on each line" }),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, `must be a whole number from 1 to ${MAX_ROWS}`)
    .transform(Number)
    .refine((limit) => limit <= MAX_ROWS, `must be a whole number from 1 to ${MAX_ROWS}`)
    .default(MAX_ROWS)
    .meta({
      type: "integer",
      minimum: 1,
      maximum: MAX_ROWS,
      description: `rows on a page; ${MAX_ROWS} without it, or as many as fit a reply`,
    }),
};

/** Where rows come from, by keyset: the cost of a slice does not grow with what lies before it. */
export interface RowSource<Row, Position> {
  /** Names of the columns, and of the members of a row. */
  columns: readonly (keyof Row & string)[];
  /** Rows that are read at once; `SLICE` unless given. */
  slice?: number;
  /** At most `count` rows behind `after`. */
  read(after: Position | undefined, count: number): Promise<Row[]>;
  positionOf(row: Row): Position;
}

/** Which page of them. */
export interface RowsAsked<Position> {
  format: RowFormat;
  limit: number;
  cursor?: Position | undefined;
}

/** A page of rows as text, and where the next one begins if there is one. */
export interface RowsPage<Position> {
  text: string;
  next: Position | undefined;
}

/** Rows that are written at once: about a millisecond of work, after which other requests have their turn. */
const CHUNK = 100;

/** Reads a page: as many rows as are asked for, fit a reply and come in time, and at least one. */
export async function rowsPage<Row, Position>(
  { columns, slice = SLICE, read, positionOf }: RowSource<Row, Position>,
  { format, limit, cursor }: RowsAsked<Position>,
): Promise<RowsPage<Position>> {
  const textOf = (rows: readonly Row[]) =>
    format === "csv"
      ? csvLines(rows.map((row) => columns.map((name) => row[name])))
      : rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  // The pages of an export, put one behind another, are one file.
  const head = format === "csv" && cursor === undefined ? BYTE_ORDER_MARK + csvLines([columns]) : "";
  const parts = [head];
  const until = performance.now() + MAX_PAGE_MS;
  let [after, count, bytes] = [cursor, 0, bytesOf(head)];

  /** Adds as many of the rows as fit, one at least if the page has none. */
  const add = (rows: readonly Row[]): boolean => {
    const text = textOf(rows);
    const size = bytesOf(text);
    const fits = bytes + size <= MAX_PAGE_BYTES || (count === 0 && rows.length === 1);
    if (!fits) {
      if (rows.length > 1) add(rows.slice(0, Math.ceil(rows.length / 2)));
      return false;
    }
    parts.push(text);
    [after, count, bytes] = [positionOf(rows.at(-1) as Row), count + rows.length, bytes + size];
    return true;
  };

  for (;;) {
    const wanted = Math.min(slice, limit - count);
    const found = await read(after, wanted + 1);
    for (let start = 0; start < Math.min(found.length, wanted); start += CHUNK) {
      if (start > 0) await nextTurn();
      if (!add(found.slice(start, Math.min(start + CHUNK, wanted))))
        return { text: parts.join(""), next: after };
    }
    const isLast = found.length <= wanted;
    if (isLast || count >= limit || performance.now() > until)
      return { text: parts.join(""), next: isLast ? undefined : after };
  }
}

/** Bytes of a text within Lambda's reply. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}

/** A reply of rows, with a link to its next page (RFC 8288). */
export function rowsReply(
  { path, rawQuery, name }: { path: string; rawQuery: string; name: string },
  { format, cursor }: { format: RowFormat; cursor?: unknown },
  { text, nextCursor }: { text: string; nextCursor: string | undefined },
): HttpReply {
  const query = new URLSearchParams(rawQuery);
  if (nextCursor !== undefined) query.set("cursor", nextCursor);
  const header = cursor === undefined ? "present" : "absent";
  return {
    statusCode: 200,
    headers: {
      "content-type":
        format === "csv"
          ? `text/csv; charset=utf-8; header=${header}`
          : "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
      ...(nextCursor === undefined ? {} : { link: `<${path}?${query}>; rel="next"` }),
    },
    body: text,
  };
}
