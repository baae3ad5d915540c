import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GuardedRedis, withBreaker } from "../../data/redis/breaker.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { type LogRecorder, recordLog } from "../support/log-recorder.ts";
import { luaScript } from "../support/lua-script.ts";
import { startWithholdingServers, type WithholdingServers } from "../support/withholding-servers.ts";

/** Far above what a command takes to arrive, even on a busy machine. */
const TIMEOUT_MS = 400;

const CLIENTS: Record<string, (servers: WithholdingServers) => RedisPort> = {
  RESP: ({ respPort }) => respRedis(`redis://127.0.0.1:${respPort}`, TIMEOUT_MS),
  REST: ({ restPort }) => upstashRedis(`http://127.0.0.1:${restPort}`, "token", TIMEOUT_MS),
};

/** Each way to use the port, one command each. */
const ask = (redis: RedisPort) =>
  Promise.all([redis.command("GET", "k"), redis.script(luaScript("any", "return 1"), ["k"], [])]);
const COMMANDS = 2;
const REPLIES = ["OK", "OK"];

describe.each(Object.keys(CLIENTS))("over %s, a process that is held up", (protocol) => {
  let servers: WithholdingServers;
  let redis: GuardedRedis;
  let log: LogRecorder;

  beforeEach(async () => {
    servers = await startWithholdingServers();
    log = recordLog();
    redis = withBreaker(CLIENTS[protocol]?.(servers) as RedisPort, log);
    servers.release(COMMANDS);
    expect(await ask(redis)).toEqual(REPLIES);
  });
  afterEach(async () => {
    await redis.close();
    await servers.stop();
  });

  it("past every deadline finds the replies that came meanwhile, and the breaker stays closed", async () => {
    for (let asked = 2 * COMMANDS; asked <= 4 * COMMANDS; asked += COMMANDS) {
      const replies = ask(redis);
      while (servers.received() < asked) await turnOfEventLoop();
      // The sockets are read no more before the replies are there and all deadlines are over, that of the connection too.
      servers.release(asked);
      servers.blockUntilAnswered(asked);
      blockFor(2.5 * TIMEOUT_MS);
      expect(await replies).toEqual(REPLIES);
    }
    expect(redis.state()).toBe("closed");
    expect(log.lines).toEqual([]);
  });

  it("before it has sent its command charges the server for none of that time", async () => {
    const replies = ask(redis);
    blockFor(2 * TIMEOUT_MS);
    servers.release(2 * COMMANDS);
    expect(await replies).toEqual(REPLIES);
    expect(log.lines).toEqual([]);
  });

  it("gives up a server that has not answered when it looks", async () => {
    const failures = ask(redis).catch((error: Error) => error.message);
    while (servers.received() < 2 * COMMANDS) await turnOfEventLoop();
    blockFor(2 * TIMEOUT_MS);
    expect(await failures).toBe("redis timeout: no reply within the deadline");
  });
});

it("over RESP, a process that is held up keeps a connection whose server has answered late", async () => {
  const servers = await startWithholdingServers();
  const redis = respRedis(`redis://127.0.0.1:${servers.respPort}`, TIMEOUT_MS);
  await expect(redis.command("GET", "k")).rejects.toThrow("redis timeout");
  servers.release(2);
  servers.blockUntilAnswered(1);
  blockFor(1.5 * TIMEOUT_MS);
  await turnOfEventLoop();
  await turnOfEventLoop();
  expect(await redis.command("GET", "k")).toBe("OK");
  expect(servers.connected()).toBe(1);
  await redis.close();
  await servers.stop();
});

function blockFor(ms: number): void {
  const over = performance.now() + ms;
  while (performance.now() < over);
}
