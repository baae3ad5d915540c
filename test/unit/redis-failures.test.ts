import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { json } from "node:stream/consumers";
import { setImmediate as turnOfEventLoop } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { codeCache } from "../../data/redis/code-cache.ts";
import { invalidate, openFences } from "../../data/redis/fence.ts";
import { raiseCounters } from "../../data/redis/heal-counters.ts";
import { linkCache } from "../../data/redis/link-cache.ts";
import { listOf, RedisFailure, type RedisPort, type Reply } from "../../data/redis/port.ts";
import { respRedis } from "../../data/redis/resp.ts";
import { upstashRedis } from "../../data/redis/upstash.ts";
import { luaScript } from "../support/lua-script.ts";
import { capturedScan } from "../support/scan-events.ts";

/** Far above what a busy machine takes; a server that hangs is given up after a short one. */
const LONG_MS = 10_000;
const SHORT_MS = 60;

const CHANGE = { mark: "1", tenantId: "tenant_a", qrId: "qr_1", deleted: true };
const SCAN = capturedScan({ occurredAt: Date.UTC(2030, 0, 31) });

/** A Redis that replies to everything as told, and notes what it was sent. */
function replying(reply: () => Reply): { redis: RedisPort; sent: string[] } {
  const sent: string[] = [];
  const answer = async (name: string) => {
    sent.push(name);
    return reply();
  };
  const redis: RedisPort = {
    command: answer,
    script: ({ name }) => answer(name),
    close: async () => {},
  };
  return { redis, sent };
}

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** The port of a server that is closed after the test. */
async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A port at which nobody answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await once(server.close(), "close");
  return port;
}

const respAt = (port: number, timeoutMs = LONG_MS) => {
  const redis = respRedis(`redis://127.0.0.1:${port}`, timeoutMs);
  stops.unshift(() => redis.close());
  return redis;
};
const upstashAt = (port: number, timeoutMs = LONG_MS) =>
  upstashRedis(`http://127.0.0.1:${port}`, "token", timeoutMs);

/** An Upstash endpoint that answers every request with this. */
async function restServer(status: number, body: string): Promise<number> {
  const server = createHttpServer((_request, response) => response.writeHead(status).end(body));
  stops.push(() => server.closeAllConnections());
  return listening(server);
}

/** A server that answers whatever it is sent with these bytes, or not at all. */
async function rawServer(reply: string | undefined): Promise<number> {
  return listening(
    createServer((socket) => {
      stops.unshift(() => socket.destroy());
      socket.on("error", () => {});
      socket.on("data", () => reply !== undefined && socket.write(reply));
    }),
  );
}

const failureOf = (work: Promise<unknown>): Promise<RedisFailure> =>
  work.then(
    () => expect.unreachable("it succeeded"),
    (error) => {
      expect(error).toBeInstanceOf(RedisFailure);
      return error;
    },
  );

/** Each way to use the port, as a failure that says why. */
const ways = (redis: RedisPort) => [
  () => redis.command("GET", "k"),
  () => redis.script(luaScript("any", "return 1"), ["k"], []),
];

describe("a Redis failure", () => {
  it("says why and what, by its own name, and keeps its cause", () => {
    const cause = new Error("socket");
    const failure = new RedisFailure("down", "no connection", { cause });
    expect(failure).toMatchObject({
      name: "RedisFailure",
      reason: "down",
      message: "redis down: no connection",
      cause,
    });
  });
});

describe("over RESP", () => {
  it("a server that does not answer in time is a timeout, however it is asked", async () => {
    // At once, since the connection itself is given up a little later.
    const asked = ways(respAt(await rawServer(undefined), SHORT_MS)).map((ask) => failureOf(ask()));
    for (const failure of await Promise.all(asked)) {
      expect(failure.message).toBe("redis timeout: no reply within the deadline");
      expect(failure.reason).toBe("timeout");
    }
  });

  it("a server that is not there is down, at once and for each who asks", async () => {
    const redis = respAt(await closedPort());
    for (const ask of [...ways(redis), ...ways(redis)]) {
      const { reason, message } = await failureOf(ask());
      expect([reason, message]).toEqual([
        "down",
        expect.stringMatching(/^redis down: (ECONNREFUSED|no connection)$/),
      ]);
    }
  });

  it("an error reply without a code is refused as ERR", async () => {
    const redis = respAt(await rawServer("-something with a SECRET\r\n"));
    expect((await failureOf(redis.command("GET", "k"))).message).toBe("redis refused: ERR");
  });

  it("an error reply is told by its code alone", async () => {
    const redis = respAt(await rawServer("-OOM command not allowed, SECRET\r\n"));
    for (const ask of ways(redis)) expect((await failureOf(ask())).message).toBe("redis refused: OOM");
  });
});

describe("over RESP, a server", () => {
  /** A server that notes each connection and what it is sent, and answers by `answer`. */
  async function noting(answer: (socket: Socket, connection: number, data: string) => unknown) {
    const received: string[] = [];
    let connections = 0;
    const port = await listening(
      createServer((socket) => {
        const connection = ++connections;
        stops.unshift(() => socket.destroy());
        socket.on("error", () => {});
        socket.on("data", (data) => {
          received.push(data.toString());
          answer(socket, connection, data.toString());
        });
      }),
    );
    return { port, received, connections: () => connections };
  }
  const GET = "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n";

  it("is sent what was asked for and nothing besides", async () => {
    const { port, received } = await noting((socket) => socket.write("+OK\r\n"));
    expect(await respAt(port).command("GET", "k")).toBe("OK");
    expect(received.join("")).toBe(GET);
  });

  it("is sent the first command at once, and what else is asked for at that moment eight at a time", async () => {
    const { port, received } = await noting((socket, _connection, data) =>
      socket.write("+OK\r\n".repeat(data.split(GET).length - 1)),
    );
    const redis = respAt(port);
    const together = (commands: number) =>
      Promise.all(Array.from({ length: commands }, () => redis.command("GET", "k")));
    await together(1);
    const write = vi.spyOn(Socket.prototype, "_write");
    const writev = vi.spyOn(Socket.prototype, "_writev");
    stops.push(() => vi.restoreAllMocks());
    const toServer = () =>
      write.mock.calls
        .filter((_call, n) => (write.mock.contexts[n] as Socket).remotePort === port)
        .map(([text]) => String(text).split(GET).length - 1);
    await together(20);
    expect(toServer()).toEqual([1, 8, 8, 3]);
    await together(5);
    expect(toServer()).toEqual([1, 8, 8, 3, 1, 4]);
    expect(writev).not.toHaveBeenCalled();
    expect(received.join("")).toBe(GET.repeat(26));
  });

  it("is sent the source of a script only if it does not know it", async () => {
    const SHA1 = luaScript("any", "return 1").sha1;
    for (const error of ["NOSCRIPT No matching script", "OOM command not allowed"]) {
      const { port, received } = await noting((socket) => socket.write(`-${error}\r\n`));
      await failureOf(respAt(port).script(luaScript("any", "return 1"), [], []));
      expect(received.join("")).toContain(SHA1);
      expect(received.join("").includes("return 1")).toBe(error.startsWith("NOSCRIPT"));
    }
  });

  it("that breaks the connection is not sent the same command again", async () => {
    const { port, received, connections } = await noting((socket, connection) =>
      connection === 1 ? socket.destroy() : socket.write("+OK\r\n"),
    );
    const redis = respAt(port);
    expect((await failureOf(redis.command("GET", "k"))).reason).toBe("down");
    await expect.poll(() => redis.command("PING").catch(() => "down")).toBe("OK");
    expect(connections()).toBe(2);
    expect(received.filter((text) => text.includes("GET"))).toEqual([GET]);
  });

  it("that answers what was never asked is asked again by another connection alone", async () => {
    const { port, connections } = await noting((socket, connection) =>
      socket.write(connection === 1 ? "+OK\r\n+OK\r\n" : "+PONG\r\n"),
    );
    const redis = respAt(port);
    expect(await redis.command("GET", "k")).toBe("OK");
    // A reply too many could be taken for that of a later command.
    await expect.poll(() => redis.command("PING").catch(() => "down")).toBe("PONG");
    expect(connections()).toBe(2);
  });

  it("is not sent a command that has expired before the connection is open", async () => {
    const timeoutMs = 10 * SHORT_MS;
    const { port, received } = await noting((socket, _connection, data) => {
      if (!data.includes("AUTH")) return socket.write("+OK\r\n");
      // Too late together, and neither by itself, so that the connection is kept.
      for (const ms of [0.7 * timeoutMs, 1.4 * timeoutMs]) setTimeout(() => socket.write("+OK\r\n"), ms);
      return true;
    });
    const redis = respRedis(`redis://:secret@127.0.0.1:${port}/3`, timeoutMs);
    stops.unshift(() => redis.close());
    expect((await failureOf(redis.command("GET", "k"))).reason).toMatch(/^(timeout|down)$/);
    await expect.poll(() => redis.command("PING").catch(() => "away"), { timeout: 5_000 }).toBe("OK");
    expect(received.join("")).not.toContain("GET");
  });

  it("that hangs is given up, and found again by another connection", async () => {
    const { port, connections } = await noting(
      (socket, connection) => connection > 1 && socket.write("+OK\r\n"),
    );
    const redis = respAt(port, SHORT_MS);
    expect((await failureOf(redis.command("GET", "k"))).reason).toBe("timeout");
    await expect.poll(() => redis.command("PING").catch(() => "away"), { timeout: 5_000 }).toBe("OK");
    expect(connections()).toBeGreaterThan(1);
  });
});

describe("over RESP, a server that is gone", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Waits until the client waits with its next attempt to connect. */
  async function waiting(): Promise<void> {
    while (vi.getTimerCount() === 0) await turnOfEventLoop();
  }

  it("is tried again at once, then ever more seldom, down to once a second", async () => {
    respAt(await closedPort());
    const waits: number[] = [];
    while (waits.length < 6) {
      await waiting();
      const before = Date.now();
      vi.advanceTimersToNextTimer();
      waits.push(Date.now() - before);
    }
    expect(waits).toEqual([0, 200, 400, 800, 1_000, 1_000]);
  });

  it("is down for whoever asks between two attempts, who is not kept waiting for the next", async () => {
    const redis = respAt(await closedPort());
    await waiting();
    for (const ask of ways(redis)) {
      expect((await failureOf(ask())).message).toBe("redis down: no connection");
    }
  });

  it("is told to whoever asks, and not printed", async () => {
    const printed = vi.spyOn(console, "error").mockReturnValue();
    try {
      respAt(await closedPort());
      await waiting();
      expect(printed).not.toHaveBeenCalled();
    } finally {
      printed.mockRestore();
    }
  });
});

describe("over REST", () => {
  it("a server that does not answer in time is a timeout, however it is asked", async () => {
    for (const ask of ways(upstashAt(await rawServer(undefined), SHORT_MS))) {
      const failure = await failureOf(ask());
      expect(failure.message).toBe("redis timeout: no reply within the deadline");
      expect(failure.reason).toBe("timeout");
    }
  });

  it("a server that is not there is down", async () => {
    for (const ask of ways(upstashAt(await closedPort()))) {
      expect((await failureOf(ask())).message).toBe("redis down: no connection");
    }
  });

  it.each([
    [400, '{"error":"OOM command not allowed, command was: SECRET"}', "redis refused: OOM"],
    [401, '{"error":"WRONGPASS invalid or missing auth token"}', "redis refused: WRONGPASS"],
    [503, '{"error":"Service unavailable"}', "redis down: no connection"],
    [502, '{"error":"A gateway"}', "redis down: no connection"],
    [200, "<html>a captive portal</html>", "redis refused: a reply that is not JSON"],
  ])("an answer %i %s is told as what it is", async (status, body, message) => {
    for (const ask of ways(upstashAt(await restServer(status, body)))) {
      expect((await failureOf(ask())).message).toBe(message);
    }
  });

  it.each(["NOSCRIPT No matching script", "OOM command not allowed"])(
    "a script is sent with its source only if the server does not know it (%s)",
    async (error) => {
      const sent: string[] = [];
      const server = createHttpServer(async (request, response) => {
        sent.push(((await json(request)) as string[])[0] ?? "");
        response.writeHead(400).end(JSON.stringify({ error }));
      });
      stops.push(() => server.closeAllConnections());
      const redis = upstashAt(await listening(server));
      await failureOf(redis.script(luaScript("any", "return 1"), [], []));
      expect(sent).toEqual(error.startsWith("NOSCRIPT") ? ["EVALSHA", "EVAL"] : ["EVALSHA"]);
    },
  );

  it("commands of one moment are sent one by one", async () => {
    const urls: (string | undefined)[] = [];
    const server = createHttpServer(({ url }, response) => {
      urls.push(url);
      response.end('{"result":"OK"}');
    });
    stops.push(() => server.closeAllConnections());
    const redis = upstashAt(await listening(server));
    await Promise.all([redis.command("SET", "k", "1"), redis.command("GET", "k")]);
    expect(urls).toEqual(["/", "/"]);
  });

  it("a request is made once, and tells nothing of the process", async () => {
    const asked: (string | undefined)[][] = [];
    const server = createHttpServer(({ method, url, headers }, response) => {
      asked.push([
        method,
        url,
        headers.authorization,
        ...Object.keys(headers).filter((name) => /telemetry/.test(name)),
      ]);
      response.destroy();
    });
    const failure = await failureOf(upstashAt(await listening(server)).command("GET", "k"));
    expect(failure.message).toBe("redis down: no connection");
    expect(asked).toEqual([["POST", "/", "Bearer token"]]);
  });

  it("can be closed", async () => {
    await expect(upstashAt(await closedPort()).close()).resolves.toBeUndefined();
  });
});

describe("a reply that no Redis would give", () => {
  it.each<[string, Reply]>([
    ["a number", 7],
    ["nothing", null],
    ["text", "<html>"],
    ["an empty list", []],
    ["a list that is too long", ["1", "2", "3", "4"]],
  ])("(%s) is refused, and never taken for a value", async (_what, reply) => {
    const { redis } = replying(() => reply);
    const cache = codeCache(redis);
    expect(await cache.getCache("k")).toEqual({ result: "refused" });
    expect(await cache.readCode("tenant_a", "qr_1", "2030-01-31", JSON.parse)).toEqual({ result: "refused" });
    expect(await cache.readScans(["a", "b"])).toBe(undefined);
    expect(await cache.setCache("k", 1, 60)).toBe(false);
    expect(await cache.fillCache("k", 1, 60, "fence")).toEqual({ result: "failed" });
    expect(await cache.forget(CHANGE, SCAN.occurredAt)).toBe(false);
    await expect(invalidate(redis, ["k"], [], "token")).rejects.toThrow(
      new RedisFailure("refused", "a reply of another shape"),
    );
    expect(await linkCache(redis).scan("scan", SCAN)).toEqual({ result: "refused" });
    expect(await linkCache(redis).fillAndScan(null, "fence", "scan", SCAN)).toEqual({ result: "failed" });
  });

  it("(a link in no state that there is) is refused", async () => {
    const { redis } = replying(() => ["ajar", "https://example.com/", ""]);
    expect(await linkCache(redis).scan("scan", SCAN)).toEqual({ result: "refused" });
    for (const reply of [
      ["ajar", "https://example.com/", "filled"],
      ["open", "https://example.com/", ""],
    ]) {
      const links = linkCache(replying(() => reply).redis);
      expect(await links.fillAndScan(null, "fence", "scan", SCAN)).toEqual({ result: "failed" });
    }
  });

  it.each<[Reply]>([["seven"], ["1.5"], ["-1"], ["1234567890123456"], [null], [7]])(
    "(%j as a counter) counts as 0",
    async (reply) => {
      expect(await codeCache(replying(() => reply).redis).getCounter("k")).toEqual({
        result: "hit",
        value: 0,
      });
    },
  );
});

describe("a Redis that fails", () => {
  const failing = () => {
    throw new RedisFailure("timeout", "test");
  };

  it("fails none of the helpers, each of which says so", async () => {
    const { redis } = replying(failing);
    const cache = codeCache(redis);
    expect(await cache.getCache("k")).toEqual({ result: "timeout" });
    expect(await cache.getCounter("k")).toEqual({ result: "timeout" });
    expect(await cache.readCode("tenant_a", "qr_1", "2030-01-31", JSON.parse)).toEqual({ result: "timeout" });
    expect(await cache.readScans(["a"])).toBe(undefined);
    expect(await cache.incrementCounter("k", 60)).toBe(undefined);
    expect(await cache.deleteCache("k")).toBe(undefined);
    expect(await cache.deleteCache("k*")).toBe(undefined);
    expect(await cache.setCache("k", 1, 60)).toBe(false);
    expect(await cache.fillCache("k", 1, 60, "fence")).toEqual({ result: "failed" });
    expect(await cache.forget(CHANGE, SCAN.occurredAt)).toBe(false);
    expect(await linkCache(redis).scan("scan", SCAN)).toEqual({ result: "timeout" });
    expect(await linkCache(redis).fillAndScan(null, "fence", "scan", SCAN)).toEqual({ result: "failed" });
    expect(await openFences(redis, ["k"])).toBe(undefined);
    await expect(
      raiseCounters(redis, [{ qrId: "a", day: null, scans: 1, guard: { key: "k", token: "t" } }]),
    ).resolves.toBe(false);
  });

  it("is told apart from a defect, which is not swallowed", async () => {
    const { redis } = replying(() => {
      throw new TypeError("a defect");
    });
    await expect(codeCache(redis).getCache("k")).rejects.toThrow(TypeError);
  });
});

describe("a list in a reply", () => {
  it("is what it is, of any length where none is asked for", () => {
    expect(listOf([])).toEqual([]);
    expect(listOf(["a", 1, null])).toEqual(["a", 1, null]);
    expect(listOf(["a"], 1)).toEqual(["a"]);
  });

  it.each<[Reply, number?]>([["a"], [null], [7], [["a"], 2], [["a"], 0]])(
    "is no list if it is %j (of %j)",
    (reply, length) => {
      expect(() => listOf(reply, length)).toThrow(new RedisFailure("refused", "a reply of another shape"));
    },
  );
});

describe("what needs no Redis", () => {
  it("asks for nothing", async () => {
    const { redis, sent } = replying(() => []);
    expect(await codeCache(redis).readScans([])).toEqual([]);
    expect(await openFences(redis, [])).toEqual([]);
    await raiseCounters(redis, []);
    expect(sent).toEqual([]);
  });
});
