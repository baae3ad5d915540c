import { afterEach, describe, expect, it } from "vitest";
import { routes } from "../../functions/manifest.ts";
import { headerOf, type RawConnection, rawConnection } from "../support/raw-connection.ts";
import { echo, type StubGateway, stubGateway } from "../support/stub-gateway.ts";

const MIB = 1024 * 1024;

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUps.splice(0).reverse()) await step();
});

async function gateway(...options: Parameters<typeof stubGateway>): Promise<StubGateway> {
  const started = await stubGateway(...options);
  cleanUps.push(started.close);
  return started;
}

async function connection({ port }: StubGateway): Promise<RawConnection> {
  const opened = await rawConnection(port);
  cleanUps.push(() => opened.socket.destroy());
  return opened;
}

const head = (line: string, ...headers: string[]) =>
  `${[`${line} HTTP/1.1`, "host: localhost", "authorization: any", ...headers].join("\r\n")}\r\n\r\n`;

/** Every route, with a path that leads to it. */
const requests = routes.flatMap(({ methods, path, ...route }) =>
  methods.map((method) => ({
    method,
    line: `${method} ${path.replace(/\{\w+\}/, "abc")}`,
    maxBytes: "body" in route ? route.body.maxBytes : undefined,
  })),
);

describe("a route without a body", () => {
  const withoutBody = requests.filter(({ maxBytes }) => maxBytes === undefined);

  it.each(withoutBody)(
    "($line) answers as if none had come, and ends the connection",
    async ({ line, method }) => {
      const client = await connection(await gateway());
      client.send(head(line, `content-length: ${10 * MIB}`));
      client.send("x".repeat(MIB));
      expect(await client.closed).toBeUndefined();
      expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(client.received()).toMatch(/\r\nConnection: close\r\n/i);
      if (method === "HEAD") return;
      const [reply] = client.replies();
      expect(JSON.parse(reply?.body ?? "")).toMatchObject({ bytes: 0 });
    },
  );

  it.each(withoutBody)("($line) does not ask for a body that waits for leave", async ({ line }) => {
    const client = await connection(await gateway());
    client.send(head(line, "content-length: 5", "expect: 100-continue"));
    expect(await client.closed).toBeUndefined();
    expect(client.received()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it("keeps the connection if the body was there as a whole", async () => {
    const started = await gateway(async (event, context) => {
      // As every handler that asks a server.
      await new Promise(setImmediate);
      return echo(event, context);
    });
    const client = await connection(started);
    client.send(`${head("GET /scan/abc", "content-length: 5")}12345`);
    const [reply] = await client.answered(1);
    expect(headerOf(reply, "connection")).toBe("keep-alive");
    client.send(head("GET /scan/abc"));
    expect(await client.answered(2)).toHaveLength(2);
  });

  it("never takes the rest of a body that it has not read for a request", async () => {
    const seen: string[] = [];
    const started = await gateway(async (event, context) => {
      seen.push(event.rawPath);
      return echo(event, context);
    });
    const client = await connection(started);
    client.send(head("GET /scan/first", "content-length: 10"));
    await client.answered(1);
    client.send(`1234567890${head("GET /scan/second")}`);
    expect(await client.closed).toBeUndefined();
    expect(seen).toEqual(["/scan/first"]);
    expect(client.replies()).toHaveLength(1);
  });
});

describe("a route with a body", () => {
  const withBody = requests.filter(({ maxBytes }) => maxBytes !== undefined);

  it("is one of those whose line in the table says so", () => {
    expect(withBody.map(({ line, maxBytes }) => [line, maxBytes])).toEqual([
      ["POST /generate", 32_768],
      ["POST /import", 4 * MIB],
      ["POST /bulk", MIB],
      ["PATCH /qr/abc", 32_768],
      ["POST /keys", 32_768],
      ["PUT /style", 32_768],
      ["PUT /logos/abc", 262_144],
      ["POST /pictures", 32_768],
      ["POST /sheets", 65_536],
    ]);
  });

  it.each(withBody)("($line) takes as many bytes as its line says", async ({ line, maxBytes = 0 }) => {
    const client = await connection(await gateway());
    client.send(head(line, `content-length: ${maxBytes}`) + "x".repeat(maxBytes));
    const [reply] = await client.answered(1);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({ bytes: maxBytes });
  });

  it.each(withBody)(
    "($line) refuses one byte more as soon as it is announced",
    async ({ line, maxBytes = 0 }) => {
      const client = await connection(await gateway());
      client.send(head(line, `content-length: ${maxBytes + 1}`));
      const [reply] = await client.answered(1);
      expect([reply?.status, headerOf(reply, "connection")]).toEqual([413, "close"]);
      expect(JSON.parse(reply?.body ?? "")).toMatchObject({
        detail: `the body must have at most ${maxBytes} bytes`,
        errors: [{ path: "body", message: `must have at most ${maxBytes} bytes` }],
      });
      expect(await client.closed).toBeUndefined();
    },
  );

  it.each(withBody)(
    "($line) refuses one byte more as soon as it comes in chunks",
    async ({ line, maxBytes = 0 }) => {
      const client = await connection(await gateway());
      client.send(head(line, "transfer-encoding: chunked"));
      client.send(`${(maxBytes + 1).toString(16)}\r\n${"x".repeat(maxBytes + 1)}\r\n`);
      const [reply] = await client.answered(1);
      expect([reply?.status, headerOf(reply, "connection")]).toEqual([413, "close"]);
      expect(await client.closed).toBeUndefined();
    },
  );

  it("gives leave to send a body only to whom it will read", async () => {
    const started = await gateway();
    const wait = ["content-length: 5", "expect: 100-continue"];
    const allowed = await connection(started);
    allowed.send(head("POST /generate", ...wait));
    await expect.poll(allowed.received).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    allowed.send("12345");
    const [reply] = await allowed.answered(1);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({ bytes: 5 });

    for (const [refused, status] of [
      [head("POST /generate", "content-length: 40000", "expect: 100-continue"), 413],
      [head("POST /generate", ...wait).replace("authorization: any\r\n", ""), 401],
    ] as const) {
      const client = await connection(started);
      client.send(refused);
      expect(await client.closed).toBeUndefined();
      expect(client.received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });
});

describe("a request that does not come to its end", () => {
  /** So short that a test may wait for them, and so far apart that it is clear which one has passed. */
  const HEADERS = { headersMs: 50, requestMs: 60_000, checkMs: 10 };
  const REQUEST = { headersMs: 50, requestMs: 100, checkMs: 10 };

  it.each([
    ["nothing", ""],
    ["half a request line", "GET /sc"],
    ["half a header", "GET /scan/abc HTTP/1.1\r\nhost: loc"],
    ["headers without an end", "GET /scan/abc HTTP/1.1\r\nhost: localhost\r\n"],
  ])("(%s) is answered with 408 at the deadline for headers", async (_what, bytes) => {
    const client = await connection(await gateway(echo, HEADERS));
    client.send(bytes);
    expect(await client.closed).toBeUndefined();
    const [reply, ...others] = client.replies();
    expect(others).toEqual([]);
    expect([reply?.status, headerOf(reply, "connection")]).toEqual([408, "close"]);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({
      type: "urn:problem:qr-service:request-timeout",
      status: 408,
      requestId: headerOf(reply, "x-request-id"),
    });
  });

  it.each([
    ["a body that is announced", "content-length: 10", ""],
    ["half a body", "content-length: 10", "12345"],
    ["half a chunk", "transfer-encoding: chunked", "5\r\n123"],
    ["chunks without an end", "transfer-encoding: chunked", "5\r\n12345\r\n"],
  ])("(%s) is answered with 408 at the deadline for requests", async (_what, header, body) => {
    const handled: string[] = [];
    const started = await gateway(async (event, context) => {
      handled.push(event.rawPath);
      return echo(event, context);
    }, REQUEST);
    const client = await connection(started);
    client.send(head("POST /generate", header) + body);
    expect(await client.closed).toBeUndefined();
    expect(client.replies().map(({ status }) => status)).toEqual([408]);
    expect(handled).toEqual([]);
  });

  it("is not what a slow handler makes of a whole one", async () => {
    const release = Promise.withResolvers<void>();
    const started = await gateway(async (event, context) => {
      await release.promise;
      return echo(event, context);
    }, REQUEST);
    const [slow, unfinished] = [await connection(started), await connection(started)];
    slow.send(head("GET /scan/abc"));
    unfinished.send("GET");
    await unfinished.closed;
    expect(slow.received()).toBe("");
    release.resolve();
    expect((await slow.answered(1)).map(({ status }) => status)).toEqual([200]);
  });

  it("is answered after those that came before it on the same connection", async () => {
    const release = Promise.withResolvers<void>();
    const started = await gateway(async (event, context) => {
      await release.promise;
      return echo(event, context);
    }, HEADERS);
    const [pipelined, other] = [await connection(started), await connection(started)];
    pipelined.send(`${head("GET /scan/abc")}GET /scan/h`);
    other.send("GET");
    await other.closed;
    release.resolve();
    expect(await pipelined.closed).toBeUndefined();
    expect(pipelined.replies().map(({ status }) => status)).toEqual([200, 408]);
  });

  it("has 10 s for its head and 20 s for all of it, looked at each second", async () => {
    const { server } = await gateway();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 20_000]);
  });
});
