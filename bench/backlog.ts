import type { CapturedScan } from "../core/scan/captured-scan.ts";
import { newEventId } from "../core/scan/event-id.ts";
import { CacheKeys } from "../data/redis/keys.ts";
import { BROWSERS } from "../test/support/user-agents.ts";
import { qrId, tenantId } from "./catalogue.ts";
import { seededRandom } from "./random.ts";
import type { Servers } from "./servers.ts";

const AT_ONCE = 2_000;

/** Puts scans into the stream as the scan's script does, spread over so many codes of the first tenant. */
export async function fillOutbox({ redis }: Servers, events: number, codes: number): Promise<void> {
  const random = seededRandom(events);
  for (let done = 0; done < events; done += AT_ONCE) {
    const pipeline = redis.pipeline();
    for (let n = done; n < Math.min(events, done + AT_ONCE); n++) {
      const fields = ["event", JSON.stringify(capturedScan(n % codes, random())), "tenant", tenantId(0)];
      pipeline.xadd(CacheKeys.outbox, "*", ...fields, "target", "https://example.com/");
    }
    await pipeline.exec();
  }
}

function capturedScan(code: number, random: number): CapturedScan {
  return {
    eventId: newEventId(),
    qrId: qrId(0, code),
    occurredAt: Date.now(),
    bot: random < 0.02,
    country: ["DE", "FR", "US", "JP"][Math.floor(random * 4)] ?? null,
    userAgent: BROWSERS[Math.floor(random * BROWSERS.length)] ?? "",
    referrerHost: null,
    visitor: String(random).slice(2, 18).padEnd(16, "0"),
  };
}
