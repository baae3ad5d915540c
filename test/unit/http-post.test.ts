import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { createServer as createTcpServer, type Server as TcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type HttpPoster, httpPoster, PostTimeout } from "../../data/redis/http-post.ts";
import { selfSigned } from "../support/lambda/certificate.ts";

/** Far above what a busy machine takes; a server that hangs is given up after a short one. */
const LONG_MS = 10_000;
const SHORT_MS = 60;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function portOf(server: TcpServer): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function posterTo(url: string, timeoutMs = LONG_MS): HttpPoster {
  const poster = httpPoster(new URL(url), timeoutMs);
  stops.push(() => poster.close());
  return poster;
}

/** A server that notes its connections and what is asked over them. */
async function noting(answer: RequestListener, make: () => Server = () => createServer()) {
  const sockets: Socket[] = [];
  const asked: string[] = [];
  const server = make();
  server.on("connection", (socket: Socket) => sockets.push(socket));
  server.on("request", async (request, response) => {
    asked.push(`${request.method} ${request.url} ${await text(request)}`);
    answer(request, response);
  });
  const port = await portOf(server);
  stops.push(() => server.closeAllConnections());
  return { url: `http://127.0.0.1:${port}`, port, sockets, asked };
}

describe("a body", () => {
  it("is posted to the path of the URL with the headers that are given, and the answer is whole", async () => {
    const headers: unknown[] = [];
    const { url, port, asked } = await noting((request, response) => {
      headers.push(request.headers);
      response.writeHead(418, { "x-answer": "yes" }).write("häl");
      setImmediate(() => response.end("f🎈te"));
    });
    const answer = await posterTo(`${url}/base`).post("ü", ["authorization", "Bearer t"]);
    expect(answer).toMatchObject({ status: 418, headers: { "x-answer": "yes" }, text: "hälf🎈te" });
    expect(asked).toEqual(["POST /base ü"]);
    expect(headers).toEqual([
      {
        host: `127.0.0.1:${port}`,
        "content-length": "2",
        authorization: "Bearer t",
        connection: "keep-alive",
      },
    ]);
  });

  it("is not posted to where an answer points: it holds a token", async () => {
    const elsewhere = await noting((_request, response) => response.end());
    const { url } = await noting((_request, response) =>
      response.writeHead(307, { location: elsewhere.url }).end(),
    );
    expect(await posterTo(url).post("", [])).toMatchObject({ status: 307, text: "" });
    expect(elsewhere.asked).toEqual([]);
  });

  it("is not posted with a header that holds a line break", async () => {
    const { url, asked } = await noting((_request, response) => response.end());
    await expect(posterTo(url).post("", ["authorization", "a\r\nb: c"])).rejects.toThrow(TypeError);
    expect(asked).toEqual([]);
  });
});

describe("a connection", () => {
  it("serves one call after another, and as many at a time as there are calls", async () => {
    const { url, sockets } = await noting((_request, response) => response.end("ok"));
    const poster = posterTo(url);
    for (let call = 0; call < 3; call++) await poster.post("", []);
    expect(sockets).toHaveLength(1);
    await Promise.all([poster.post("", []), poster.post("", []), poster.post("", [])]);
    expect(sockets).toHaveLength(3);
  });

  it("that ends under a call fails it, and nothing is sent twice", async () => {
    const { url, sockets, asked } = await noting((request, response) => {
      if (asked.length === 2) request.socket.destroy();
      else response.end("ok");
    });
    const poster = posterTo(url);
    await poster.post("first", []);
    await expect(poster.post("second", [])).rejects.toMatchObject({ code: "ECONNRESET" });
    await poster.post("third", []);
    expect(asked).toEqual(["POST / first", "POST / second", "POST / third"]);
    expect(sockets).toHaveLength(2);
  });

  it("that ends within an answer fails the call", async () => {
    const { url } = await noting((request, response) => {
      response.writeHead(200, { "content-length": "10" }).write("short");
      setImmediate(() => request.socket.end());
    });
    await expect(posterTo(url).post("", [])).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("that answers something else than HTTP fails the call", async () => {
    const port = await portOf(createTcpServer((socket) => socket.once("data", () => socket.end("+OK\r\n"))));
    await expect(posterTo(`http://127.0.0.1:${port}`).post("", [])).rejects.toMatchObject({
      code: "HPE_INVALID_CONSTANT",
    });
  });

  it("that was idle while the process was frozen is not used again", async () => {
    const { url, sockets } = await noting((_request, response) => response.end("ok"));
    const poster = posterTo(url);
    const pause = async (ms: number) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });
      await poster.post("", []);
    };
    await poster.post("", []);
    await pause(3_000);
    expect(sockets).toHaveLength(1);
    await pause(4_001);
    expect(sockets).toHaveLength(2);
  });

  it("ends when the poster is closed, also under a call, and once more is allowed", async () => {
    const { url, sockets, asked } = await noting((_request, response) => asked.length > 1 || response.end());
    const poster = posterTo(url);
    await poster.post("", []);
    const waiting = poster.post("", []);
    await expect.poll(() => asked).toHaveLength(2);
    const ended = once(sockets[0] as Socket, "close");
    poster.close();
    poster.close();
    await expect(waiting).rejects.toMatchObject({ code: "ECONNRESET" });
    await ended;
  });
});

describe("a server", () => {
  it("that does not answer in time is given up with its connection, and the next call has another", async () => {
    let silent = true;
    const { url, sockets } = await noting((_request, response) => silent || response.end("ok"));
    const poster = posterTo(url, SHORT_MS);
    await expect(poster.post("", [])).rejects.toThrow(PostTimeout);
    silent = false;
    await vi.waitFor(async () => expect(await poster.post("", [])).toMatchObject({ text: "ok" }));
    expect(sockets.length).toBeGreaterThan(1);
  });

  it("that does not finish its answer in time is given up as well", async () => {
    const { url } = await noting((_request, response) => response.write("the beginning"));
    await expect(posterTo(url, SHORT_MS).post("", [])).rejects.toThrow(PostTimeout);
  });
});

describe("over TLS", () => {
  const certificate = selfSigned();

  /** Trusts the test's certificate until the test ends. */
  function trust(): void {
    const trusted = getCACertificates("default");
    stops.push(() => setDefaultCACertificates(trusted));
    setDefaultCACertificates([...trusted, certificate.cert]);
  }

  async function tlsServer() {
    const resumed: boolean[] = [];
    const { port, asked } = await noting(
      (request, response) => {
        resumed.push((request.socket as TLSSocket).isSessionReused());
        response.writeHead(200, { connection: "close" }).end("ok");
      },
      () => createTlsServer(certificate),
    );
    return { url: `https://localhost:${port}`, resumed, asked };
  }

  it("a new connection resumes the session of the last one", async () => {
    trust();
    const { url, resumed } = await tlsServer();
    const poster = posterTo(url);
    for (let call = 0; call < 3; call++) await poster.post("", []);
    expect(resumed).toEqual([false, true, true]);
  });

  it("a server that nobody vouches for is sent nothing", async () => {
    const { url, asked } = await tlsServer();
    await expect(posterTo(url).post("", [])).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    expect(asked).toEqual([]);
  });
});
