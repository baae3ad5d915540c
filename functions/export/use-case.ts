import { encodeCursor, type ListPosition } from "../../core/code/cursor.ts";
import { presentCode, type QrCode } from "../../core/code/qr-code.ts";
import { replyFields } from "../../core/code/reply-fields.ts";
import { isSearch } from "../../data/postgres/list-query.ts";
import { listCodes } from "../../data/postgres/read-codes.ts";
import { healed } from "../../data/redis/heal-counters.ts";
import { type RowSource, rowsPage } from "../http/rows.ts";
import type { Services } from "../runtime/services.ts";
import type { ExportQuery } from "./schema.ts";

/** Codes of a search that are read at once: a page of the list, by which a search's cost is bounded. */
const SEARCH_SLICE = 100;

/** The columns: the members of a code, in the order of replies. */
const COLUMNS = Object.keys(replyFields()) as (keyof QrCode)[];

/**
 * A page of a tenant's codes with their live counts, newest first: a code that is created meanwhile stands before the
 * first page, and moves nothing. A slice is one statement and one command.
 *
 * @throws TooBroad if a search would take more than its share of the database
 */
export async function exportPage(
  services: Services,
  tenantId: string,
  query: ExportQuery,
  baseUrl: string,
): Promise<{ text: string; nextCursor: string | undefined }> {
  const { q: search, tag, status } = query;
  const now = services.now();
  let redisFailed = false;
  const source: RowSource<QrCode, ListPosition> = {
    columns: COLUMNS,
    ...(isSearch({ search, tag }) ? { slice: SEARCH_SLICE } : {}),
    async read(after, count) {
      const found = await listCodes(services.db, tenantId, { limit: count, after, search, tag, status });
      // A Redis that just failed is not asked again: the request has waited for it long enough.
      const live = redisFailed
        ? undefined
        : await services.cache.readScans(found.map(({ code }) => code.qrId));
      redisFailed ||= live === undefined;
      return found.map(({ code, scans }, index) =>
        presentCode(code, healed(live?.[index] ?? 0, scans), baseUrl, now),
      );
    },
    positionOf: ({ createdAt, qrId }) => ({ createdAt, qrId }),
  };
  const { text, next } = await rowsPage(source, query);
  return { text, nextCursor: next && encodeCursor(next) };
}
