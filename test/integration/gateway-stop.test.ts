import { afterEach, describe, expect, it } from "vitest";
import { closeGateway } from "../../bin/local/gateway.ts";
import { headerOf, type RawConnection, rawConnection } from "../support/raw-connection.ts";
import { echo, type StubGateway, stubGateway } from "../support/stub-gateway.ts";

const CLIENTS = 16;
const GET = "GET /scan/abc HTTP/1.1\r\nhost: localhost\r\n\r\n";

/** Never passes: what ends before it has ended by itself. */
const NO_DEADLINE_MS = 600_000;

let gateway: StubGateway | undefined;
const clients: RawConnection[] = [];
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await gateway?.close();
});

async function connection(port: number): Promise<RawConnection> {
  const opened = await rawConnection(port);
  clients.push(opened);
  return opened;
}

/** Sends one request after another until the server announces the end; gives how many were sent and answered. */
async function keepBusy(client: RawConnection): Promise<{ sent: number; answered: number; error?: string }> {
  let sent = 0;
  for (;;) {
    client.send(GET);
    sent += 1;
    try {
      const replies = await client.answered(sent);
      if (headerOf(replies.at(-1), "connection") === "close") break;
    } catch {
      break;
    }
  }
  const error = await client.closed;
  return { sent, answered: client.replies().length, ...(error === undefined ? {} : { error }) };
}

describe("a gateway that stops", () => {
  it("answers each request of 16 busy clients, tells them to go, and resets none", async () => {
    let handled = 0;
    const enough = Promise.withResolvers<void>();
    gateway = await stubGateway(async (event, context) => {
      handled += 1;
      if (handled === CLIENTS * 20) enough.resolve();
      // Requests are under way at any moment.
      await new Promise(setImmediate);
      return echo(event, context);
    });
    const { port, server } = gateway;
    const busy = await Promise.all(Array.from({ length: CLIENTS }, () => connection(port)));
    const running = Promise.all(busy.map(keepBusy));
    await enough.promise;
    await closeGateway(server, NO_DEADLINE_MS);
    const ends = await running;
    expect(ends.filter(({ sent, answered, error }) => error !== undefined || sent !== answered)).toEqual([]);
    expect(ends.reduce((sum, { answered }) => sum + answered, 0)).toBe(handled);
  });

  it("says `Connection: close` in the reply to what was under way, and in a refusal", async () => {
    const release = Promise.withResolvers<void>();
    gateway = await stubGateway(async (event, context) => {
      await release.promise;
      return echo(event, context);
    });
    const { port, server } = gateway;
    const [scans, asks] = [await connection(port), await connection(port)];
    const other = await connection(port);
    scans.send(GET);
    asks.send("GET /qr HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const [before] = await asks.answered(1);
    expect(headerOf(before, "connection")).toBe("keep-alive");
    const closing = closeGateway(server, NO_DEADLINE_MS);
    asks.send("GET /qr HTTP/1.1\r\nhost: localhost\r\n\r\n");
    const [, refused] = await asks.answered(2);
    expect([refused?.status, headerOf(refused, "connection")]).toEqual([401, "close"]);
    release.resolve();
    const [reply] = await scans.answered(1);
    expect([reply?.status, headerOf(reply, "connection")]).toEqual([200, "close"]);
    await closing;
    for (const client of [scans, asks, other]) expect(await client.closed).toBeUndefined();
  });

  it("answers all of a pipeline, and says so in its last reply", async () => {
    const release = Promise.withResolvers<void>();
    gateway = await stubGateway(async (event, context) => {
      await release.promise;
      return echo(event, context);
    });
    const client = await connection(gateway.port);
    client.send(GET.repeat(3));
    const probe = await connection(gateway.port);
    probe.send("GET /qr HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await probe.answered(1);
    const closing = closeGateway(gateway.server, NO_DEADLINE_MS);
    release.resolve();
    expect(await client.closed).toBeUndefined();
    expect(client.replies().map((reply) => headerOf(reply, "connection"))).toEqual([
      "keep-alive",
      "keep-alive",
      "close",
    ]);
    await closing;
  });

  it("does not wait for clients that have nothing to ask", async () => {
    gateway = await stubGateway();
    const [idle, silent, half] = [
      await connection(gateway.port),
      await connection(gateway.port),
      await connection(gateway.port),
    ];
    idle.send(GET);
    await idle.answered(1);
    half.send("GET /scan/abc HTTP/1.1\r\nhost: ");
    await closeGateway(gateway.server, NO_DEADLINE_MS);
    for (const client of [idle, silent, half]) await client.closed;
    expect([await idle.closed, await silent.closed]).toEqual([undefined, undefined]);
  });

  it("waits no longer than its deadline for a body that does not come, and can be told twice", async () => {
    gateway = await stubGateway();
    const client = await connection(gateway.port);
    client.send("POST /generate HTTP/1.1\r\nhost: localhost\r\nauthorization: any\r\n");
    client.send("content-length: 5\r\nexpect: 100-continue\r\n\r\n");
    await expect.poll(client.received).toContain("100 Continue");
    await Promise.all([closeGateway(gateway.server, 50), closeGateway(gateway.server, 50)]);
    await client.closed;
    expect(client.replies()).toEqual([]);
  });
});
