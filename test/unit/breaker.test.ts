import { beforeEach, describe, expect, it } from "vitest";
import { type GuardedRedis, withBreaker } from "../../functions/shared/cache/breaker.ts";
import { RedisFailure, type RedisFailureReason, type RedisPort } from "../../functions/shared/cache/port.ts";
import { type LogRecorder, recordLog } from "../support/log-recorder.ts";

let time: number;
let calls: number;
let failWith: RedisFailureReason | undefined;
let log: LogRecorder;
let redis: GuardedRedis;

beforeEach(() => {
  time = 0;
  calls = 0;
  failWith = undefined;
  log = recordLog();
  const call = async () => {
    calls += 1;
    if (failWith) throw new RedisFailure(failWith, "test");
    return "PONG";
  };
  const port: RedisPort = {
    command: call,
    pipeline: async () => [await call()],
    script: call,
    close: async () => {},
  };
  redis = withBreaker(port, log, () => time);
});

const ping = () => redis.command("PING").catch((error: RedisFailure) => error.reason);

async function breakIt(): Promise<void> {
  failWith = "timeout";
  for (let attempt = 0; attempt < 5; attempt++) expect(await ping()).toBe("timeout");
}

describe("the circuit breaker", () => {
  it("lets calls through while they succeed, and forgets failures that a success follows", async () => {
    for (let round = 0; round < 3; round++) {
      failWith = "down";
      for (let attempt = 0; attempt < 4; attempt++) expect(await ping()).toBe("down");
      failWith = undefined;
      expect(await ping()).toBe("PONG");
    }
    expect(redis.state()).toBe("closed");
  });

  it("opens after five failures in a row and then fails without a call", async () => {
    await breakIt();
    expect(redis.state()).toBe("open");
    expect(await ping()).toBe("open");
    expect(calls).toBe(5);
  });

  it("lets one probe at a time through after a second, and closes when it succeeds", async () => {
    await breakIt();
    time = 1_000;
    expect(redis.state()).toBe("half-open");
    failWith = undefined;
    expect(await Promise.all([ping(), ping(), ping()])).toEqual(["PONG", "open", "open"]);
    expect(redis.state()).toBe("closed");
    expect(await ping()).toBe("PONG");
  });

  it("stays open for another second when the probe fails", async () => {
    await breakIt();
    time = 1_000;
    expect(await ping()).toBe("timeout");
    time = 1_999;
    expect(await ping()).toBe("open");
    time = 2_000;
    expect(await ping()).toBe("timeout");
    expect(calls).toBe(7);
  });

  it("stays closed for a server that answers with errors", async () => {
    failWith = "refused";
    for (let attempt = 0; attempt < 20; attempt++) expect(await ping()).toBe("refused");
    expect(redis.state()).toBe("closed");
    expect(log.lines).toHaveLength(1);
  });

  it("logs one line when Redis stops answering and one when it answers again", async () => {
    await breakIt();
    for (let attempt = 0; attempt < 20; attempt++) await ping();
    expect(log.lines.map(({ level }) => level)).toEqual(["warn"]);
    time = 1_000;
    failWith = undefined;
    await ping();
    await ping();
    expect(log.lines.map(({ level }) => level)).toEqual(["warn", "info"]);
  });
});
