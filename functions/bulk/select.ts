import type { ListPosition } from "../../core/code/cursor.ts";
import { Invalid } from "../../core/errors.ts";
import { isSearch } from "../../data/postgres/list-query.ts";
import { listCodes } from "../../data/postgres/read-codes.ts";
import type { Services } from "../runtime/services.ts";
import { type BulkBody, MAX_CODES } from "./schema.ts";

/** Codes that are read at once; of a search a page of the list, by which its cost is bounded. */
const SLICE = 1_000;
const SEARCH_SLICE = 100;

/**
 * The IDs of the codes that a request chooses, each once. A filter is asked before the codes are changed: what begins to
 * fit it meanwhile is left out.
 *
 * @throws Invalid if a filter chooses too many
 * @throws TooBroad if finding them would take more than its share of the database
 */
export async function selectedIds(
  { db }: Services,
  tenantId: string,
  { ids, filter = {} }: BulkBody["select"],
): Promise<string[]> {
  if (ids) return [...new Set(ids)];
  const { q: search, tag, status } = filter;
  const limit = isSearch({ search, tag }) ? SEARCH_SLICE : SLICE;
  const found: string[] = [];
  for (let after: ListPosition | undefined; ; ) {
    const codes = await listCodes(db, tenantId, { limit, after, search, tag, status });
    found.push(...codes.map(({ code }) => code.qrId));
    if (found.length > MAX_CODES)
      throw new Invalid([{ path: "select.filter", message: `fits more than ${MAX_CODES} codes` }]);
    const last = codes.at(-1)?.code;
    if (!last || codes.length < limit) return found;
    after = { createdAt: last.createdAt, qrId: last.qrId };
  }
}
