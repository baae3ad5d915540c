import { encodeCursor } from "../../core/code/cursor.ts";
import { type ListedCode, listCodes } from "../../data/postgres/read-codes.ts";
import { isListPage, type ListPage } from "../../data/redis/code-cache.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { raiseCounters } from "../../data/redis/raise-counters.ts";
import type { Services } from "../runtime/services.ts";
import type { ListQuery } from "./schema.ts";

/** Codes on a page unless the caller asks for fewer. */
const PAGE_SIZE = 100;

export interface ListedPage {
  codes: ListedCode[];
  nextCursor: string | null;
  cached: boolean;
}

/**
 * Lists a tenant's codes. The first page without a filter is cached; any other is one indexed query.
 *
 * @throws TooBroad if a search would take more than its share of the database
 */
export async function listPage(services: Services, tenantId: string, query: ListQuery): Promise<ListedPage> {
  const isDefault = Object.keys(query).length === 0;
  const page = isDefault ? await defaultPage(services, tenantId) : await readPage(services, tenantId, query);
  // A Redis that just failed is not asked again: the request has waited for it long enough.
  const live = page.redisFailed
    ? undefined
    : await services.cache.readScans(page.codes.map(({ code }) => code.qrId));
  // A cached page has no counts of its own: without the live ones the database has to tell them.
  if (!live) return page.cached ? readPage(services, tenantId, query) : page;
  const codes = page.codes.map(({ code, scans }, index) => ({
    code,
    scans: Math.max(scans, live[index] ?? 0),
  }));
  if (page.fence !== undefined) {
    const guard = { key: CacheKeys.list(tenantId), token: page.fence };
    const low = codes.filter(({ scans }, index) => scans > (live[index] ?? 0));
    await raiseCounters(
      services.redis,
      low.map(({ code, scans }) => ({ qrId: code.qrId, day: null, scans, guard })),
    );
  }
  return { codes, nextCursor: page.nextCursor, cached: page.cached };
}

/** A page with persisted scans. `fence` is there if the cache was filled with it. */
type ReadPage = ListedPage & { fence?: string; redisFailed?: boolean };

async function defaultPage(services: Services, tenantId: string): Promise<ReadPage> {
  const key = CacheKeys.list(tenantId);
  const lookup = await services.cache.getCache(key, isListPage);
  services.metrics.add(lookup.result === "hit" ? "CacheHit" : "CacheMiss");
  if (lookup.result === "hit") {
    const { codes, nextCursor } = lookup.value;
    return { codes: codes.map((code) => ({ code, scans: 0 })), nextCursor, cached: true };
  }
  const page = await readPage(services, tenantId, {});
  if (lookup.result !== "miss") return { ...page, redisFailed: true };
  const entry: ListPage = { codes: page.codes.map(({ code }) => code), nextCursor: page.nextCursor };
  const filled = await services.cache.setCache(key, entry, services.lifetimes.list, lookup.fence);
  if (filled) return { ...page, fence: lookup.fence };
  services.metrics.add("FillRefused");
  return { ...page, redisFailed: !services.redis.healthy() };
}

async function readPage({ db }: Services, tenantId: string, query: ListQuery): Promise<ReadPage> {
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
  const nextCursor = found.length > limit && last ? encodeCursor(last.code) : null;
  return { codes, nextCursor, cached: false };
}
