import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CacheKeys } from "../../../functions/shared/cache/keys.ts";
import { respRedis } from "../../../functions/shared/cache/resp.ts";
import { SCAN } from "../../../functions/shared/cache/scan-script.ts";
import { utcDate } from "../../../functions/shared/domain/utc-date.ts";
import { serveParent } from "./child.ts";

/**
 * The least that a counted redirect can cost with this runtime, client and script: one EVALSHA whose arguments are
 * ready, and a 302.
 */
const redis = respRedis(process.env.REDIS_URL ?? "", 5_000);
const event = process.env.EVENT ?? "";
const startedAt = Date.now();
const date = utcDate(startedAt);
const now = String(startedAt);

const server = createServer(async (request, response) => {
  const qrId = (request.url ?? "").slice("/scan/".length);
  const link = CacheKeys.link(qrId);
  const keys = [
    link,
    CacheKeys.scanCount(qrId),
    CacheKeys.dailyScanCount(qrId, date),
    CacheKeys.outbox,
    CacheKeys.fence(link),
    CacheKeys.lease(link),
  ];
  const reply = await redis.script(SCAN, keys, ["scan", now, event, "token", "60", "86400", "5000", "300"]);
  const [state, target] = reply as string[];
  response.writeHead(state === "open" ? 302 : 500, { location: target, "content-length": "0" }).end();
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    await redis.close();
  }),
);
