import type { Link, LinkState } from "../../core/link/link.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import { utcDate } from "../../core/utc-date.ts";
import { failing } from "./cache-helpers.ts";
import { CACHE_TTL, CacheKeys, type Lifetimes } from "./keys.ts";
import { listOf, RedisFailure, type RedisFailureReason, type RedisPort, type Reply } from "./port.ts";
import { SCAN } from "./scan-script.ts";

/** `scan` counts and captures the event, `bot` captures it only, `peek` (HEAD, prefetch) does neither. */
export type ScanMode = "scan" | "bot" | "peek";

export type ScanResult =
  | {
      result: "hit";
      state: LinkState | "unknown";
      /** Where to redirect: the target of an open link, else the fallback, if there is one. */
      url: string | null;
      /** Set for the one caller who is to read the link anew and hand it to `scanWith`. */
      refresh: string | null;
    }
  | {
      result: "miss";
      fence: string;
      /** Another caller is filling the link: it is likely to be there in a moment. */
      wait: boolean;
    }
  | { result: RedisFailureReason };

export interface LinkCache {
  /** Scans a cached link, in one command. */
  scan(mode: ScanMode, scan: CapturedScan): Promise<ScanResult>;

  /**
   * Stores the link that the database gave, raises the counter to the scans that are persisted of it, and scans it, in
   * one command. Of unknown IDs (`null`) only `MAX_UNKNOWN_LINKS` are stored in a minute; the others leave nothing. If
   * the link was invalidated since `fence` was handed out it is not stored, and the scan is captured but not counted:
   * the code may be deleted, and a counter of a deleted code would stay for ever. A code that still exists gets the
   * count back from the persisted events.
   */
  scanWith(
    found: { link: Link; scans: number } | null,
    fence: string,
    mode: ScanMode,
    scan: CapturedScan,
  ): Promise<ScanResult>;
}

/** A link is read anew this long before it expires, so that a hot one never does. */
const REFRESH_AHEAD_MS = 60_000;

/** Who claims a refresh and dies is followed by another after this time. */
const REFRESH_CLAIM_MS = "5000";

/** Who is to fill a link and dies is followed by another after this time. Longer than the query usually takes. */
const LEASE_MS = "300";

/**
 * Unknown links that all processes together store in a minute. With their fences they take 330 bytes each, and those of
 * two such minutes may be alive. Redis counts them, since a bound of each sandbox's own would grow with their number.
 */
export const MAX_UNKNOWN_LINKS = 10_000;

/** @param ttl lifetime of a link, s; longer than `REFRESH_AHEAD_MS` */
export function linkCache(redis: RedisPort, ttl: Lifetimes["link"] = CACHE_TTL.link): LinkCache {
  const run = (
    mode: ScanMode,
    scan: CapturedScan,
    fill: string[],
    fillKeys: string[] = [],
  ): Promise<ScanResult> =>
    failing(async () => {
      const link = CacheKeys.link(scan.qrId);
      const reply = await redis.script(
        SCAN,
        [
          link,
          CacheKeys.scanCount(scan.qrId),
          CacheKeys.dailyScanCount(scan.qrId, utcDate(scan.occurredAt)),
          CacheKeys.outbox,
          CacheKeys.fence(link),
          CacheKeys.lease(link),
          ...fillKeys,
        ],
        [
          mode,
          String(scan.occurredAt),
          mode === "peek" ? "" : JSON.stringify(scan),
          scan.eventId,
          String(CACHE_TTL.fence),
          String(CACHE_TTL.dailyCount),
          REFRESH_CLAIM_MS,
          LEASE_MS,
          ...fill,
        ],
      );
      return scanResult(listOf(reply, 3));
    });

  return {
    scan: (mode, scan) => run(mode, scan, []),
    scanWith: (found, fence, mode, scan) =>
      run(
        mode,
        scan,
        [
          fence,
          ...fillArguments(found?.link ?? null, ttl, scan.occurredAt),
          String(found?.scans ?? 0),
          ...(found ? [] : [String(MAX_UNKNOWN_LINKS), String(CACHE_TTL.unknownLinks)]),
        ],
        found ? [] : [CacheKeys.unknownLinks],
      ),
  };
}

function fillArguments(link: Link | null, linkTtl: number, now: number): string[] {
  const ttl = link === null ? CACHE_TTL.unknown : linkTtl;
  const refreshAt = now + ttl * 1_000 - (link === null ? 0 : REFRESH_AHEAD_MS);
  return [
    String(ttl),
    String(refreshAt),
    link?.tenantId ?? "",
    link?.target ?? "",
    String(link?.opensAt ?? 0),
    String(link?.closesAt ?? ""),
    String(link?.maxScans ?? ""),
    link?.fallback ?? "",
  ];
}

const STATES: unknown[] = ["open", "early", "closed", "unknown"] satisfies (LinkState | "unknown")[];

/** @throws RedisFailure if it is no reply of the script */
function scanResult([state, second, third]: Reply[]): ScanResult {
  const [text, refresh] = [String(second), String(third)];
  if (state === "miss") return { result: "miss", fence: text, wait: refresh === "wait" };
  if (!STATES.includes(state)) throw new RedisFailure("refused", "a reply of another shape");
  return {
    result: "hit",
    state: state as LinkState | "unknown",
    url: text || null,
    refresh: refresh || null,
  };
}
