import { openOutbox } from "../../../data/outbox.ts";
import { postgresDb } from "../../../data/postgres/postgres.ts";
import { respRedis } from "../../../data/redis/resp.ts";
import { fillOutbox } from "../../backlog.ts";
import { addCodes } from "../../catalogue.ts";
import { withChild } from "../../child-process.ts";
import { operations } from "../../operations.ts";
import { type Servers, withServers } from "../../servers.ts";
import { sample } from "../../statistics.ts";
import { Growing, type Growth } from "./growth.ts";
import { medianRequest } from "./median-request.ts";

const CODES = 100;
const DEADLINE_MS = 10_000;

/** Events that the relay takes at once, here and at each depth, so that only the depth differs. */
const TAKEN = 1;
const TAKES = 200;

/** What a scan costs while so many events wait to be published, and what the relay needs to take one of them. */
export async function byDepth(
  sizes: number[],
  requests: number,
  progress: (line: string) => void,
): Promise<Growth> {
  const growing = new Growing("events in the outbox", "ms");
  for (const depth of sizes) {
    progress(`scale: ${depth} events in the outbox`);
    await withServers(async (servers) => {
      await addCodes(servers, 1, CODES);
      await fillOutbox(servers, depth, CODES);
      const { scan } = await operations(servers.issuer, 1, CODES);
      await withChild("service.ts", servers.env, async (server) =>
        growing.add("scan", depth, await medianRequest(server, scan, requests)),
      );
      growing.add("relay, take an event and delete it", depth, await takeOne(servers));
    });
  }
  return growing.growth();
}

async function takeOne({ redisUrl, databaseUrl }: Servers): Promise<number> {
  const redis = respRedis(redisUrl, DEADLINE_MS);
  const db = postgresDb(databaseUrl, { poolSize: 1, timeoutMs: DEADLINE_MS });
  try {
    const outbox = openOutbox(redis, db);
    const times: number[] = [];
    for (let take = 0; take < TAKES; take++) {
      const startedAt = performance.now();
      await outbox.remove(await outbox.next(TAKEN));
      times.push(performance.now() - startedAt);
    }
    return sample(times).median;
  } finally {
    await redis.close();
    await db.close();
  }
}
