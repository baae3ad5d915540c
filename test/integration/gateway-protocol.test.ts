import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";
import { headerOf, rawConnection } from "../support/raw-connection.ts";
import { echo, type StubGateway, stubGateway } from "../support/stub-gateway.ts";

const release = Promise.withResolvers<void>();
let gateway: StubGateway;
let seen: AuthorizedEvent | undefined;
beforeAll(async () => {
  gateway = await stubGateway(async (event, context) => {
    seen = event;
    if (event.rawPath === "/scan/slow") await release.promise;
    return echo(event, context);
  });
});
afterAll(() => gateway.close());

/** Sends lines as a request's head, and gives the replies up to the connection's end. */
async function repliesTo(lines: string[], body = "") {
  const client = await rawConnection(gateway.port);
  client.send(`${[...lines, "authorization: any", "connection: close"].join("\r\n")}\r\n\r\n${body}`);
  expect(await client.closed).toBeUndefined();
  return client.replies();
}

describe("the host", () => {
  it.each([
    ["two that differ", ["host: localhost", "host: evil.example"]],
    ["the same one twice", ["host: localhost", "Host: localhost"]],
    ["an empty one beside another", ["host:", "host: localhost"]],
  ])("is refused if a request names %s", async (_what, hosts) => {
    for (const version of ["1.0", "1.1"]) {
      const [reply, ...others] = await repliesTo([`GET /scan/abc HTTP/${version}`, ...hosts]);
      expect(others).toEqual([]);
      expect(reply?.status).toBe(400);
      expect(JSON.parse(reply?.body ?? "")).toMatchObject({
        errors: [{ path: "host", message: "must be sent once" }],
      });
    }
  });
});

describe("a target", () => {
  it.each([
    ["http://qr.example.com/scan/abc", "GET /scan/{qrId}", "/scan/abc", ""],
    ["HTTPS://qr.example.com:8443/scan/abc?a=1?b", "GET /scan/{qrId}", "/scan/abc", "a=1?b"],
    ["http://qr.example.com", "$default", "/", ""],
    ["http://qr.example.com?a=1", "$default", "/", "a=1"],
    ["/scan/http://qr.example.com/abc", "GET /scan/{proxy+}", "/scan/http://qr.example.com/abc", ""],
    ["/scan/abc/", "GET /scan/{proxy+}", "/scan/abc/", ""],
  ])("that is a URL (%s) leads where its path does", async (target, routeKey, path, query) => {
    const [reply] = await repliesTo([`GET ${target} HTTP/1.1`, "host: localhost"]);
    expect(reply?.status).toBe(200);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({ routeKey });
    expect(seen).toMatchObject({ rawPath: path, rawQueryString: query });
  });

  it("names the host, whatever the header says", async () => {
    await repliesTo(["GET http://qr.example.com:81/scan/abc HTTP/1.1", "host: localhost"]);
    expect(seen?.headers.host).toBe("qr.example.com:81");
    expect(seen?.requestContext.domainName).toBe("qr.example.com:81");
  });
});

describe("a transfer coding", () => {
  const chunked = "5\r\n12345\r\n0\r\n\r\n";
  const post = ["POST /generate HTTP/1.1", "host: localhost"];

  it.each([["gzip, chunked"], ["deflate,chunked"], ["x-own;level=1, chunked"], ["Gzip , Chunked"]])(
    "that nobody knows here (%s) is 501",
    async (codings) => {
      const [reply, ...others] = await repliesTo([...post, `transfer-encoding: ${codings}`], chunked);
      expect(others).toEqual([]);
      expect(reply?.status).toBe(501);
      expect(JSON.parse(reply?.body ?? "")).toMatchObject({
        type: "urn:problem:qr-service:not-implemented",
        errors: [{ path: "transfer-encoding", message: "must be chunked" }],
      });
      expect(headerOf(reply, "x-request-id")).toBeDefined();
    },
  );

  it("in a header of its own is 501 as well", async () => {
    const codings = ["transfer-encoding: gzip", "transfer-encoding: chunked"];
    const [reply] = await repliesTo([...post, ...codings], chunked);
    expect(reply?.status).toBe(501);
  });

  it("that is chunked is read, however it is written", async () => {
    for (const coding of ["chunked", "Chunked", " chunked "]) {
      const [reply] = await repliesTo([...post, `transfer-encoding: ${coding}`], chunked);
      expect(reply?.status).toBe(200);
      expect(JSON.parse(reply?.body ?? "")).toMatchObject({ bytes: 5 });
    }
  });
});

describe("a client that ends its side", () => {
  it("after a whole request still gets the reply, and then the end", async () => {
    const client = await rawConnection(gateway.port);
    client.socket.end("GET /scan/slow HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const other = await rawConnection(gateway.port);
    other.send("GET /scan/abc HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    await other.closed;
    release.resolve();
    expect(await client.closed).toBeUndefined();
    expect(client.replies().map(({ status }) => status)).toEqual([200]);
  });

  it("after several gets the reply to each", async () => {
    const client = await rawConnection(gateway.port);
    const one = "GET /scan/abc HTTP/1.1\r\nhost: localhost\r\n\r\n";
    client.socket.end(one.repeat(3));
    expect(await client.closed).toBeUndefined();
    expect(client.replies().map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each([
    ["a head", "GET /scan/abc HTTP/1.1\r\nhost: loc"],
    [
      "a body",
      "POST /generate HTTP/1.1\r\nhost: localhost\r\nauthorization: any\r\ncontent-length: 9\r\n\r\n1",
    ],
  ])("within %s is told that it is not complete", async (_what, bytes) => {
    const client = await rawConnection(gateway.port);
    client.socket.end(bytes);
    expect(await client.closed).toBeUndefined();
    expect(client.replies().map(({ status }) => status)).toEqual([400]);
  });

  it("without a word is let go without one", async () => {
    const client = await rawConnection(gateway.port);
    client.socket.end();
    expect(await client.closed).toBeUndefined();
    expect(client.received()).toBe("");
  });
});
