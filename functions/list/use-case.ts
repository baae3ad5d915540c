import type { DayScans } from "../../core/code/code-tag.ts";
import { encodeCursor, type ListPosition } from "../../core/code/cursor.ts";
import { type ReplyText, textOfCodes } from "../../core/code/reply-text.ts";
import { utcDate } from "../../core/utc-date.ts";
import { type ListedCode, listCodes, listDeleted } from "../../data/postgres/read-codes.ts";
import type { Guard } from "../../data/redis/fence.ts";
import { type Figure, healCounters, healed } from "../../data/redis/heal-counters.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { readThrough } from "../../data/redis/read-through.ts";
import { listEntry, parseListEntry, parseTodaysListEntry } from "../../data/redis/reply-entry.ts";
import type { Services } from "../runtime/services.ts";
import { isFirstPage, type ListQuery } from "./schema.ts";

/** Codes on a page unless the caller asks for fewer. */
const PAGE_SIZE = 100;

export interface ListedPage {
  /** The codes, ready for a reply. */
  reply: ReplyText;
  /** Of each of them. */
  scans: number[];
  /** Likewise, if it was asked for. */
  today?: DayScans;
  nextCursor: string | null;
  cached: boolean;
}

/**
 * Lists a tenant's codes. The first page without a filter is cached; any other is one indexed query.
 *
 * @throws TooBroad if a search would take more than its share of the database
 */
export async function listPage(services: Services, tenantId: string, query: ListQuery): Promise<ListedPage> {
  // One day for all figures: midnight may pass while they are read.
  const date = query.today && utcDate(services.now());
  const fromDatabase = () => readPage(services, tenantId, query, date);
  // A tombstone has no counter: what is persisted is all there is.
  if (query.deleted) return fromDatabase();
  const page = await (isFirstPage(query)
    ? firstPage(services, tenantId, date, fromDatabase)
    : fromDatabase());
  const { qrIds } = page.reply;
  // A Redis that just failed is not asked again: the request has waited for it long enough.
  const live = page.redisFailed ? undefined : await services.cache.readScans(qrIds, date);
  // A cached page has no counts of its own: without the live ones they come from the database.
  if (!live) return page.cached ? fromDatabase() : page;
  const figures: Figure[] = qrIds.map((qrId, index) => {
    return { qrId, day: null, live: live[index] ?? 0, persisted: page.scans[index] ?? 0 };
  });
  if (date !== undefined)
    for (const [index, qrId] of qrIds.entries()) {
      const [counted, persisted] = [live[qrIds.length + index], page.today?.scans[index]];
      figures.push({ qrId, day: date, live: counted ?? 0, persisted: persisted ?? 0 });
    }
  if (page.filled) await healCounters(services.redis, figures, page.filled);
  const counts = figures.map(({ live, persisted }) => healed(live, persisted));
  if (date === undefined) return { ...page, scans: counts };
  return {
    ...page,
    scans: counts.slice(0, qrIds.length),
    today: { date, scans: counts.slice(qrIds.length) },
  };
}

/** A page with persisted scans; a cached one has none. */
interface ReadPage extends ListedPage {
  /** Set if the cache was filled with it. */
  filled?: Guard;
  redisFailed?: boolean;
}

async function firstPage(
  services: Services,
  tenantId: string,
  date: string | undefined,
  fromDatabase: () => Promise<ReadPage>,
): Promise<ReadPage> {
  const { cache, loads, metrics, lifetimes } = services;
  const key = CacheKeys.list(tenantId);
  const read = await readThrough(metrics, {
    lookUp: () => cache.getEntry(key, date === undefined ? parseListEntry : parseTodaysListEntry),
    load: () => loads.run(`${key} ${date ?? ""}`, fromDatabase),
    fill: ({ reply, nextCursor }, { fence }) => {
      const page = { ...reply, nextCursor, ...(date === undefined ? {} : { healsToday: true as const }) };
      return cache.fillEntry(key, listEntry(page), lifetimes.list, fence);
    },
  });
  if (read.from === "cache") {
    const { nextCursor, healsToday: _, ...reply } = read.hit.value;
    return { reply, scans: [], nextCursor, cached: true };
  }
  if (read.fill.result === "failed") return { ...read.value, redisFailed: true };
  if (!read.miss || read.fill.result === "refused") return read.value;
  return { ...read.value, filled: { key, token: read.miss.fence } };
}

async function readPage(
  { db }: Services,
  tenantId: string,
  query: ListQuery,
  date: string | undefined,
): Promise<ReadPage> {
  const limit = query.limit ?? PAGE_SIZE;
  const page = { limit: limit + 1, after: query.cursor };
  const found = await (query.deleted
    ? listDeleted(db, tenantId, page)
    : listCodes(db, tenantId, { ...page, search: query.q, tag: query.tag, status: query.status, date }));
  const listed = found.slice(0, limit);
  const last = listed.at(-1);
  return {
    reply: textOfCodes(listed),
    scans: listed.map(({ scans }) => scans),
    ...(date === undefined ? {} : { today: { date, scans: listed.map(({ today }) => today) } }),
    nextCursor: found.length > limit && last ? encodeCursor(positionOf(last)) : null,
    cached: false,
  };
}

/** Tombstones stand in the order in which they were deleted, codes in that in which they were made. */
function positionOf({ code: { qrId, createdAt }, deletedAt }: ListedCode): ListPosition {
  return { qrId, createdAt: deletedAt ?? createdAt };
}
