import { isListPage, type ListPage } from "../shared/cache/code-cache.ts";
import { CACHE_TTL, CacheKeys } from "../shared/cache/keys.ts";
import type { Services } from "../shared/services.ts";
import { listCodes } from "../shared/store/read-codes.ts";
import { encodeCursor } from "./cursor.ts";
import type { ListQuery } from "./schema.ts";

/** Codes on a page unless the caller asks for fewer. */
const PAGE_SIZE = 100;

export interface ListedPage extends ListPage {
  /** Live scans, in the order of `codes`. */
  scans: number[];
  cached: boolean;
}

/** Lists a tenant's codes. The first page without a filter is cached; any other is one indexed query. */
export async function listPage(services: Services, tenantId: string, query: ListQuery): Promise<ListedPage> {
  const isDefault = Object.keys(query).length === 0;
  const { page, cached } = isDefault
    ? await defaultPage(services, tenantId)
    : { page: await readPage(services, tenantId, query), cached: false };
  const scans = await services.cache.readScans(page.codes.map(({ qrId }) => qrId));
  return { ...page, scans: scans ?? page.codes.map(() => 0), cached };
}

async function defaultPage(
  services: Services,
  tenantId: string,
): Promise<{ page: ListPage; cached: boolean }> {
  const key = CacheKeys.list(tenantId);
  const lookup = await services.cache.getCache(key, isListPage);
  if (lookup.result === "hit") return { page: lookup.value, cached: true };
  const page = await readPage(services, tenantId, {});
  if (lookup.result === "miss") await services.cache.setCache(key, page, CACHE_TTL.list, lookup.fence);
  return { page, cached: false };
}

async function readPage({ db }: Services, tenantId: string, query: ListQuery): Promise<ListPage> {
  const limit = query.limit ?? PAGE_SIZE;
  const found = await listCodes(db, tenantId, {
    limit: limit + 1,
    after: query.cursor,
    search: query.q,
    tag: query.tag,
    status: query.status,
  });
  const codes = found.slice(0, limit);
  const last = codes.at(-1);
  return { codes, nextCursor: found.length > limit && last ? encodeCursor(last) : null };
}
