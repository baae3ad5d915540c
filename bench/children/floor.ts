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
const now = String(startedAt);

const server = createServer(async (request, response) => {
  const qrId = (request.url ?? "").slice("/scan/".length);
  const link = CacheKeys.link(qrId);
  const reply = await redis.evalsha(
    SCAN.sha1,
    6,
    link,
    CacheKeys.scanCount(qrId),
    CacheKeys.dailyScanCount(qrId, date),
    CacheKeys.outbox,
    CacheKeys.fence(link),
    CacheKeys.lease(link),
    ...["scan", now, event, "token", "60", "86400", "5000", "300"],
  );
  const [state, target] = reply as string[];
  response.writeHead(state === "open" ? 302 : 500, { location: target, "content-length": "0" }).end();
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    redis.disconnect();
  }),
);
