import { afterAll, beforeAll, describe } from "vitest";
import { type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { lacks } from "./requirements.ts";
import { type StartStack, startTestStack } from "./test-stack.ts";
import { startUpstashServer, type UpstashServer } from "./upstash-server.ts";

/** Runs a suite with Redis behind either adapter. */
export async function overBothAdapters(suite: (start: StartStack) => void): Promise<void> {
  describe("over RESP,", () => suite(startTestStack));
  describe.skipIf(await lacks("redis-server"))("over Upstash,", () => {
    let redisServer: RedisServer;
    let upstash: UpstashServer;
    beforeAll(async () => {
      redisServer = await startRedisServer();
      upstash = await startUpstashServer(redisServer.url);
    });
    afterAll(async () => {
      await upstash.stop();
      await redisServer.stop();
    });
    suite((options) =>
      startTestStack({
        ...options,
        env: {
          ...options?.env,
          UPSTASH_REDIS_REST_URL: upstash.url,
          UPSTASH_REDIS_REST_TOKEN: upstash.token,
        },
      }),
    );
  });
}
