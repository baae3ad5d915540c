import * as z from "zod";
import { decodeHistoryCursor, encodeHistoryCursor, type HistoryEntry } from "../../core/history.ts";
import type { HistoryPage } from "../../data/postgres/code-history.ts";
import { type HttpReply, json } from "./reply.ts";
import type { AuthorizedEvent } from "./tenancy.ts";
import { validate } from "./validate.ts";

const MAX_ENTRIES = 100;

/** The query of a history. */
export const historyQuery = z.strictObject(
  {
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${MAX_ENTRIES}`)
      .transform(Number)
      .meta({
        type: "integer",
        minimum: 1,
        maximum: MAX_ENTRIES,
        description: `changes on a page; ${MAX_ENTRIES} without it`,
      })
      .optional(),
    cursor: z
      .string()
      .transform((value, context) => {
        const position = decodeHistoryCursor(value);
        if (position) return position;
        context.addIssue({ code: "custom", message: "is not a cursor of this history" });
        return z.NEVER;
      })
      .meta({
        description: "`nextCursor` of the page before; anything else is refused",
        pattern: "^[A-Za-z0-9_-]+$",
      })
      .optional(),
  },
  "must be an object",
);

/**
 * Replies with the page that the query asks for.
 *
 * @param read gives at most `limit` entries, newest first
 */
export async function historyReply(
  { queryStringParameters, rawPath, rawQueryString }: AuthorizedEvent,
  read: (page: HistoryPage) => Promise<HistoryEntry[]>,
): Promise<HttpReply> {
  const { limit = MAX_ENTRIES, cursor } = validate(historyQuery, queryStringParameters ?? {}, "query");
  const found = await read({ limit: limit + 1, after: cursor });
  const history = found.slice(0, limit);
  const last = history.at(-1);
  if (found.length <= limit || !last) return json(200, { history, count: history.length });
  const nextCursor = encodeHistoryCursor(last);
  const query = new URLSearchParams(rawQueryString);
  query.set("cursor", nextCursor);
  return json(
    200,
    { history, count: history.length, nextCursor },
    { link: `<${rawPath}?${query}>; rel="next"` },
  );
}
