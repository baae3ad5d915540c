import { encodeCursor, type ListPosition } from "../../core/code/cursor.ts";
import { type ReplyText, textOfCodes } from "../../core/code/reply-text.ts";
import { type ListedCode, listCodes, listDeleted } from "../../data/postgres/read-codes.ts";
import type { Guard } from "../../data/redis/fence.ts";
import { healCounters, healed } from "../../data/redis/heal-counters.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { readThrough } from "../../data/redis/read-through.ts";
import { listEntry, parseListEntry } from "../../data/redis/reply-entry.ts";
import type { Services } from "../runtime/services.ts";
import type { ListQuery } from "./schema.ts";

/** Codes on a page unless the caller asks for fewer. */
const PAGE_SIZE = 100;

export interface ListedPage {
  /** The codes, ready for a reply. */
  reply: ReplyText;
  /** Of each of them. */
  scans: number[];
  nextCursor: string | null;
  cached: boolean;
}

/**
 * Lists a tenant's codes. The first page without a filter is cached; any other is one indexed query.
 *
 * @throws TooBroad if a search would take more than its share of the database
 */
export async function listPage(services: Services, tenantId: string, query: ListQuery): Promise<ListedPage> {
  // A tombstone has no counter: what is persisted is all there is.
  if (query.deleted) return readPage(services, tenantId, query);
  const isDefault = Object.keys(query).length === 0;
  const page = isDefault ? await defaultPage(services, tenantId) : await readPage(services, tenantId, query);
  const { qrIds } = page.reply;
  // A Redis that just failed is not asked again: the request has waited for it long enough.
  const live = page.redisFailed ? undefined : await services.cache.readScans(qrIds);
  // A cached page has no counts of its own: without the live ones they come from the database.
  if (!live) return page.cached ? readPage(services, tenantId, query) : page;
  const figures = qrIds.map((qrId, index) => {
    return { qrId, day: null, live: live[index] ?? 0, persisted: page.scans[index] ?? 0 };
  });
  if (page.filled) await healCounters(services.redis, figures, page.filled);
  return { ...page, scans: figures.map(({ live, persisted }) => healed(live, persisted)) };
}

/** A page with persisted scans; a cached one has none. */
interface ReadPage extends ListedPage {
  /** Set if the cache was filled with it. */
  filled?: Guard;
  redisFailed?: boolean;
}

async function defaultPage(services: Services, tenantId: string): Promise<ReadPage> {
  const { cache, loads, metrics, lifetimes } = services;
  const key = CacheKeys.list(tenantId);
  const read = await readThrough(metrics, {
    lookUp: () => cache.getEntry(key, parseListEntry),
    load: () => loads.run(key, () => readPage(services, tenantId, {})),
    fill: ({ reply, nextCursor }, { fence }) =>
      cache.fillEntry(key, listEntry({ ...reply, nextCursor }), lifetimes.list, fence),
  });
  if (read.from === "cache") {
    const { nextCursor, ...reply } = read.hit.value;
    return { reply, scans: [], nextCursor, cached: true };
  }
  if (read.fill.result === "failed") return { ...read.value, redisFailed: true };
  if (!read.miss || read.fill.result === "refused") return read.value;
  return { ...read.value, filled: { key, token: read.miss.fence } };
}

async function readPage({ db }: Services, tenantId: string, query: ListQuery): Promise<ReadPage> {
  const limit = query.limit ?? PAGE_SIZE;
  const page = { limit: limit + 1, after: query.cursor };
  const found = await (query.deleted
    ? listDeleted(db, tenantId, page)
    : listCodes(db, tenantId, { ...page, search: query.q, tag: query.tag, status: query.status }));
  const listed = found.slice(0, limit);
  const last = listed.at(-1);
  return {
    reply: textOfCodes(listed),
    scans: listed.map(({ scans }) => scans),
    nextCursor: found.length > limit && last ? encodeCursor(positionOf(last)) : null,
    cached: false,
  };
}

/** Tombstones stand in the order in which they were deleted, codes in that in which they were made. */
function positionOf({ code: { qrId, createdAt }, deletedAt }: ListedCode): ListPosition {
  return { qrId, createdAt: deletedAt ?? createdAt };
}
