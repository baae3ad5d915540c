import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type GuardedRedis, withBreaker } from "../../data/redis/breaker.ts";
import { RedisFailure, type RedisFailureReason, type RedisPort } from "../../data/redis/port.ts";
import { type LogRecorder, recordLog } from "../support/log-recorder.ts";

let time: number;
let calls: number;
let failWith: RedisFailureReason | undefined;
let log: LogRecorder;
let metrics: string[];
let redis: GuardedRedis;

beforeEach(() => {
  time = 0;
  calls = 0;
  failWith = undefined;
  log = recordLog();
  metrics = [];
  const call = async () => {
    calls += 1;
    if (failWith) throw new RedisFailure(failWith, "test");
    return "PONG";
  };
  const port: RedisPort = {
    command: call,
    script: call,
    close: async () => {},
  };
  redis = withBreaker(port, log, () => time, { add: (name) => metrics.push(name), flush() {} });
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

  it("takes the late failure of a call that began in an outage for no new outage", async () => {
    const outcomes: ((settle: "fail" | "succeed") => void)[] = [];
    const pending = () =>
      new Promise<string>((resolve, reject) => {
        outcomes.push((how) =>
          how === "fail" ? reject(new RedisFailure("timeout", "late")) : resolve("PONG"),
        );
      });
    redis = withBreaker({ command: pending, script: pending, close: async () => {} }, log, () => time);
    const calls = [ping(), ping(), ping(), ping()];
    outcomes[0]?.("fail");
    await calls[0];
    outcomes[1]?.("succeed");
    await calls[1];
    outcomes[2]?.("fail");
    await calls[2];
    expect(redis.healthy()).toBe(true);
    expect(log.lines.map(({ message }) => message)).toEqual([
      "redis does not answer; the database answers instead",
      "redis answers again",
    ]);
    const next = ping();
    outcomes[4]?.("fail");
    await next;
    expect(redis.healthy()).toBe(false);
    outcomes[3]?.("succeed");
    await calls[3];
  });

  it("says in the log what stopped, once again each time", async () => {
    for (let outage = 0; outage < 2; outage++) {
      failWith = "timeout";
      await ping();
      await ping();
      failWith = undefined;
      await ping();
    }
    const warning = {
      level: "warn",
      message: "redis does not answer; the database answers instead",
      fields: { reason: "redis timeout: test" },
    };
    const relief = { level: "info", message: "redis answers again", fields: {} };
    expect(log.lines).toEqual([warning, relief, warning, relief]);
  });

  it("says once a minute that a server answers with errors, and that it answers again never", async () => {
    failWith = "refused";
    for (const now of [0, 59_999, 60_000, 119_999, 120_000]) {
      time = now;
      await ping();
    }
    failWith = undefined;
    await ping();
    const warning = {
      level: "warn",
      message: "redis refuses a command; the database answers instead",
      fields: { reason: "redis refused: test" },
    };
    expect(log.lines).toEqual([warning, warning, warning]);
    expect(redis.healthy()).toBe(true);
  });

  it("counts each call by how it ended", async () => {
    for (const end of ["timeout", "down", "refused", undefined, "down"] as const) {
      failWith = end;
      await ping();
    }
    expect(metrics).toEqual(["RedisTimeouts", "RedisErrors", "RedisErrors", "RedisErrors"]);
    failWith = "timeout";
    for (let attempt = 0; attempt < 4; attempt++) await ping();
    metrics = [];
    await ping();
    expect(metrics).toEqual(["BreakerOpen"]);
  });

  it("is healthy while the last call that got through got a reply", async () => {
    expect(redis.healthy()).toBe(true);
    failWith = "down";
    await ping();
    expect(redis.healthy()).toBe(false);
    failWith = undefined;
    await ping();
    expect(redis.healthy()).toBe(true);
  });

  it("is half-open while a probe is under way", async () => {
    await breakIt();
    time = 1_000;
    failWith = undefined;
    const probe = ping();
    time = 0;
    expect(redis.state()).toBe("half-open");
    await probe;
    expect(redis.state()).toBe("closed");
  });

  it("does not keep from a call that insists, whose success closes it and whose failure starts the second anew", async () => {
    await breakIt();
    time = 500;
    await expect(redis.bypassBreaker.command("PING")).rejects.toThrow("redis timeout: test");
    expect(calls).toBe(6);
    time = 1_499;
    expect(await ping()).toBe("open");
    failWith = undefined;
    expect(await redis.bypassBreaker.command("PING")).toBe("PONG");
    expect(redis.state()).toBe("closed");
    expect(await ping()).toBe("PONG");
  });

  it("takes no defect for a failure of Redis", async () => {
    const defective = { ...redis, command: () => Promise.reject(new TypeError("a defect")) };
    const guarded = withBreaker(defective, log, () => time);
    for (let attempt = 0; attempt < 6; attempt++) {
      await expect(guarded.command("PING")).rejects.toThrow(TypeError);
    }
    expect([guarded.state(), guarded.healthy(), log.lines.length]).toEqual(["closed", true, 0]);
  });

  it("guards scripts like commands, and says that it is open", async () => {
    await breakIt();
    const script = { name: "any", source: "return 1", sha1: "" };
    for (const call of [redis.command("PING"), redis.script(script, [], [])]) {
      await expect(call).rejects.toThrow("redis open: the circuit breaker is open");
    }
    expect(calls).toBe(5);
  });

  it("lets nobody else through while a probe is under way, whatever comes of a call that insists", async () => {
    const { promise: hanging, resolve: answer } = Promise.withResolvers<string>();
    const fails = () => Promise.reject(new RedisFailure("timeout", "test"));
    const turns = [fails, fails, fails, fails, fails, () => hanging, fails];
    const command = () => turns.shift()?.() ?? Promise.resolve("PONG");
    const guarded = withBreaker({ ...redis, command }, log, () => time);
    for (let attempt = 0; attempt < 5; attempt++) await guarded.command("PING").catch(() => {});
    time = 1_000;
    const probe = guarded.command("PING");
    await expect(guarded.bypassBreaker.command("PING")).rejects.toThrow("redis timeout");
    time = 2_000;
    await expect(guarded.command("PING")).rejects.toThrow("redis open");
    answer("PONG");
    expect(await probe).toBe("PONG");
    expect(await guarded.command("PING")).toBe("PONG");
  });

  it("closes what it guards", async () => {
    const closed: string[] = [];
    const port = { ...redis, close: async () => void closed.push("port") };
    const guarded = withBreaker(port, log);
    await guarded.close();
    await guarded.bypassBreaker.close();
    expect(closed).toEqual(["port", "port"]);
  });
});

describe("by its own clock, the circuit breaker", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets a probe through after a second", async () => {
    const guarded = withBreaker({ ...redis, command: () => redis.command("PING") }, log);
    failWith = "down";
    for (let attempt = 0; attempt < 5; attempt++) await guarded.command("PING").catch(() => {});
    vi.advanceTimersByTime(999);
    expect(guarded.state()).toBe("open");
    vi.advanceTimersByTime(1);
    expect(guarded.state()).toBe("half-open");
  });
});
