import type { Link, LinkState } from "../../core/link/link.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import { utcDate } from "../../core/utc-date.ts";
import { asFailure, asResult } from "./as-result.ts";
import { CACHE_TTL, CacheKeys, type Lifetimes } from "./keys.ts";
import { listOf, RedisFailure, type RedisFailureReason, type RedisPort, type Reply } from "./port.ts";
import type { Miss } from "./read-through.ts";
import { FILL_AND_SCAN, SCAN } from "./scripts.ts";

/** `scan` counts and captures the event, `bot` captures it only, `peek` (HEAD, prefetch) does neither. */
export type ScanMode = "scan" | "bot" | "peek";

/** What a scan meets: an open, early or closed link, or an unknown ID. */
export interface ScanOutcome {
  state: LinkState | "unknown";
  /** Where to redirect: the target of an open link, else the fallback, if there is one. */
  url: string | null;
}

export type ScanHit = ScanOutcome & {
  result: "hit";
  /** The fence's token, for the one caller that is to load the link again and hand it to `fillAndScan`. */
  refresh: string | null;
};

export type ScanMiss = Miss & {
  /** Another caller is filling the link: it is likely to be there in a moment. */
  wait: boolean;
};

/**
 * The scan, and what became of the fill. Without an outcome it was not scanned: Redis failed, or the link may be another
 * one by now (`refused`) and is to be looked up again.
 */
export type FilledScan =
  | { result: "filled" | "refused"; outcome: ScanOutcome }
  | { result: "refused" | "failed"; outcome?: undefined };

export interface LinkCache {
  /** Scans a cached link, in one command. A miss has opened the link's fence. */
  scan(mode: ScanMode, scan: CapturedScan): Promise<ScanHit | ScanMiss | { result: RedisFailureReason }>;

  /**
   * Stores the link that the database gave (`null` for an unknown ID), raises the counter to at least its persisted
   * scans, and scans it, in one command. Of unknown IDs only `MAX_UNKNOWN_LINKS` are stored in a minute; the others
   * leave nothing.
   *
   * A link that was closed when `fence` was handed out is scanned, and not stored. One that was closed or invalidated since
   * is neither: its limit may be another, or it may be deleted, and the counter of a deleted code would stay for ever.
   */
  fillAndScan(
    found: { link: Link; scans: number } | null,
    fence: string,
    mode: ScanMode,
    scan: CapturedScan,
  ): Promise<FilledScan>;
}

/** A link is refreshed this long before it expires, so that a hot one never does. */
const REFRESH_AHEAD_MS = 60_000;

/** If the caller that claimed a refresh dies, another may claim it after this time. */
const REFRESH_CLAIM_MS = "5000";

/** If the caller that fills a link dies, another takes over after this time, longer than the query usually takes. */
const LEASE_MS = "300";

/**
 * Unknown links that all processes together store in a minute. With their fences they take 330 bytes each, and those of
 * two such minutes may be alive. Redis counts them, since a bound of each sandbox's own would grow with their number.
 */
export const MAX_UNKNOWN_LINKS = 10_000;

const FENCE_TTL = String(CACHE_TTL.fence);
const DAY_TTL = String(CACHE_TTL.dailyCount);

/** @param ttl lifetime of a link, s; longer than `REFRESH_AHEAD_MS` */
export function linkCache(redis: RedisPort, ttl: Lifetimes["link"] = CACHE_TTL.link): LinkCache {
  return {
    async scan(mode, scan) {
      try {
        const args = SCAN.args({
          mode,
          nowMs: String(scan.occurredAt),
          event: eventOf(mode, scan),
          dayTtl: DAY_TTL,
          token: scan.eventId,
          fenceTtl: FENCE_TTL,
          claimMs: REFRESH_CLAIM_MS,
          leaseMs: LEASE_MS,
        });
        const keys = SCAN.keys({ ...keysOf(scan), markKey: CacheKeys.mark(CacheKeys.link(scan.qrId)) });
        const [state, text, note] = listOf(await redis.script(SCAN, keys, args), 3);
        if (state === "miss") return { result: "miss", fence: String(text), wait: note === "wait" };
        return { result: "hit", state: stateOf(state), url: textOf(text), refresh: textOf(note) };
      } catch (error) {
        return asFailure(error);
      }
    },

    async fillAndScan(found, fence, mode, scan) {
      const reply = await asResult(async (): Promise<{ filled: FilledScan }> => {
        const args = FILL_AND_SCAN.args({
          mode,
          nowMs: String(scan.occurredAt),
          event: eventOf(mode, scan),
          dayTtl: DAY_TTL,
          fence,
          ...linkArguments(found?.link ?? null, ttl, scan.occurredAt),
          scans: String(found?.scans ?? 0),
          maxUnknown: String(MAX_UNKNOWN_LINKS),
          unknownTtl: String(CACHE_TTL.unknownLinks),
        });
        const keys = FILL_AND_SCAN.keys({ ...keysOf(scan), unknownsKey: CacheKeys.unknownLinks });
        const [state, text, note] = listOf(await redis.script(FILL_AND_SCAN, keys, args), 3);
        if (state === "moved") return { filled: { result: "refused" } };
        if (note !== "filled" && note !== "refused") throw anotherShape();
        return { filled: { result: note, outcome: { state: stateOf(state), url: textOf(text) } } };
      });
      return "filled" in reply ? reply.filled : { result: "failed" };
    },
  };
}

/** The keys that both scripts of a scan take. */
function keysOf({ qrId, occurredAt }: CapturedScan) {
  const linkKey = CacheKeys.link(qrId);
  return {
    linkKey,
    totalKey: CacheKeys.scanCount(qrId),
    dayKey: CacheKeys.dailyScanCount(qrId, utcDate(occurredAt)),
    outboxKey: CacheKeys.outbox,
    fenceKey: CacheKeys.fence(linkKey),
    leaseKey: CacheKeys.lease(linkKey),
  };
}

const eventOf = (mode: ScanMode, scan: CapturedScan) => (mode === "peek" ? "" : JSON.stringify(scan));

function linkArguments(link: Link | null, knownTtl: number, now: number) {
  const ttl = link === null ? CACHE_TTL.unknown : knownTtl;
  const refreshAt = now + ttl * 1_000 - (link === null ? 0 : REFRESH_AHEAD_MS);
  return {
    linkTtl: String(ttl),
    refreshAt: String(refreshAt),
    tenant: link?.tenantId ?? "",
    target: link?.target ?? "",
    opensAt: String(link?.opensAt ?? 0),
    closesAt: String(link?.closesAt ?? ""),
    maxScans: String(link?.maxScans ?? ""),
    fallback: link?.fallback ?? "",
  };
}

const STATES: unknown[] = ["open", "early", "closed", "unknown"] satisfies ScanOutcome["state"][];

/** @throws RedisFailure if no script of a scan replies so */
function stateOf(state: Reply | undefined): ScanOutcome["state"] {
  if (!STATES.includes(state)) throw anotherShape();
  return state as ScanOutcome["state"];
}

const textOf = (text: Reply | undefined) => (text ? String(text) : null);

const anotherShape = () => new RedisFailure("refused", "a reply of another shape");
