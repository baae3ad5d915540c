import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Redis } from "ioredis";
import { utcDate } from "../../core/utc-date.ts";
import { CacheKeys } from "../../data/redis/keys.ts";
import { readyReply } from "../ready-reply.ts";
import { serveParent } from "./child.ts";

/**
 * What a read from the cache costs at least with this runtime and the client that is usual in Node: the read's own commands,
 * and a reply whose text is ready. Nobody is asked who they are.
 */
const redis = new Redis(process.env.REDIS_URL ?? "");
const qrIds = (process.env.LISTED ?? "").split(",");
const counters = qrIds.map(CacheKeys.scanCount);
const date = utcDate(Date.now());

async function textAt(path: string): Promise<string> {
  const key = readyReply(path);
  if (path === "/qr") {
    const text = await redis.get(key);
    await redis.mget(counters);
    return text ?? "";
  }
  const qrId = path.slice("/qr/".length);
  const [text] = await redis.mget(key, CacheKeys.scanCount(qrId), CacheKeys.dailyScanCount(qrId, date));
  return text ?? "";
}

const server = createServer(async (request, response) => {
  const text = await textAt(request.url ?? "");
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  response.writeHead(text === "" ? 500 : 200, headers).end(text);
});
server.listen(0, "127.0.0.1", () =>
  serveParent((server.address() as AddressInfo).port, async () => {
    server.closeAllConnections();
    redis.disconnect();
  }),
);
