import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { utcDate } from "../../core/utc-date.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { SCAN } from "../../data/redis/scripts.ts";
import { serveParent } from "./child.ts";

/**
 * What a counted redirect costs at least with this runtime, this script and the client that is usual in Node: one EVALSHA
 * whose arguments are ready, and a 302.
 */
const redis = new Redis(process.env.REDIS_URL ?? "");
await redis.script("LOAD", SCAN.source);
const event = process.env.EVENT ?? "";
const startedAt = Date.now();
const date = utcDate(startedAt);
const args = SCAN.args({
  mode: "scan",
  nowMs: String(startedAt),
  event,
  token: "token",
  fenceTtl: "60",
  dayTtl: "86400",
  claimMs: "5000",
  leaseMs: "300",
});

const server = createServer(async (request, response) => {
  const qrId = (request.url ?? "").slice("/scan/".length);
  const linkKey = CacheKeys.link(qrId);
  const keys = SCAN.keys({
    linkKey,
    totalKey: CacheKeys.scanCount(qrId),
    dayKey: CacheKeys.dailyScanCount(qrId, date),
    outboxKey: CacheKeys.outbox,
    fenceKey: CacheKeys.fence(linkKey),
    leaseKey: CacheKeys.lease(linkKey),
    markKey: CacheKeys.mark(linkKey),
  });
  const reply = await redis.evalsha(SCAN.sha1, keys.length, ...keys, ...args);
  const [state, target] = reply as string[];
  response.writeHead(state === "open" ? 302 : 500, { location: target, "content-length": "0" }).end();
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    redis.disconnect();
  }),
);
