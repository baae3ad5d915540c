import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import type { FoundLink } from "../../data/postgres/read-link.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import type { ScanHit, ScanMode, ScanOutcome } from "../../data/redis/link-cache.ts";
import { readThrough } from "../../data/redis/read-through.ts";
import type { Services } from "../runtime/services.ts";

/** A scan that waits for another one's fill looks again this often, so many times, and no longer than this in all. */
const FILL_POLL_MS = 20;
const FILL_POLLS = 20;
const FILL_WAIT_MS = 1_000;

/**
 * A scan whose link changes between its look-up and its count starts again, so that none is redirected uncounted. Each
 * change makes it start once more at most; after so many it is captured as if there were no Redis.
 */
const ATTEMPTS = 10;

/**
 * Scans a code: one Redis command if its link is cached. Without Redis the database decides and captures.
 *
 * @throws Unavailable if the link is not cached and the database does not answer
 */
export async function scanCode(
  services: Services,
  mode: ScanMode,
  scan: CapturedScan,
): Promise<ScanHit | ScanOutcome> {
  const { links, metrics } = services;
  for (let attempt = 1; ; attempt++) {
    const read = await readThrough(metrics, {
      lookUp: () => scanCached(services, mode, scan),
      load: () => loadLink(services, scan.qrId),
      fill: (found, { fence }) => links.fillAndScan(found, fence, mode, scan),
    });
    if (read.from === "cache") {
      if (read.hit.refresh) await refreshLink(services, read.hit.refresh, scan);
      return read.hit;
    }
    if (read.fill.outcome) return read.fill.outcome;
    if (read.fill.result === "failed" || attempt === ATTEMPTS) {
      const { scanWithoutRedis } = await import("./without-redis.ts");
      return scanWithoutRedis(services, read.value, mode, scan);
    }
  }
}

/**
 * However many scans miss a link, closed or not, each process asks the database once at a time. What only a miss needs is
 * loaded by a miss.
 */
function loadLink({ db, loads }: Services, qrId: string): Promise<FoundLink | null> {
  return loads.run(CacheKeys.link(qrId), async () => {
    const { findLink } = await import("../../data/postgres/read-link.ts");
    return findLink(db, qrId);
  });
}

/** Scans the cached link. Of many scans that miss it at once, one goes on to the database and the others wait. */
async function scanCached({ links, sleep }: Services, mode: ScanMode, scan: CapturedScan) {
  let cached = await links.scan(mode, scan);
  const givesUpAt = performance.now() + FILL_WAIT_MS;
  for (let poll = 0; poll < FILL_POLLS && cached.result === "miss" && cached.wait; poll++) {
    if (performance.now() > givesUpAt) break;
    await sleep(FILL_POLL_MS);
    cached = await links.scan(mode, scan);
  }
  return cached;
}

/** Refreshes a hot link before it expires. If that fails the old one is still valid; the next claimant retries. */
async function refreshLink(services: Services, fence: string, scan: CapturedScan): Promise<void> {
  try {
    await services.links.fillAndScan(await loadLink(services, scan.qrId), fence, "peek", scan);
  } catch {
    services.log.info("a link could not be refreshed ahead of its expiry");
  }
}
