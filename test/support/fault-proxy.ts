import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/**
 * What happens to a TCP connection:
 * `pass` – nothing.
 * `refuse` – connections are reset, and the port is closed.
 * `black-hole` – packets are dropped, in both directions; a connection that this happened to stays dead for ever, as
 *   one whose other end was replaced.
 * `late` – replies are held back, and delivered when the fault ends.
 * `delay` – every message takes so much longer, in both directions and without overtaking another of its connection.
 * `cut` – a connection is closed after so many bytes of its next reply; a negative number leaves so many out.
 * `garbage` – a reply is replaced by these bytes. What was asked for is done; the connection ends with the fault.
 * `reset` – connections are reset, new ones as soon as something is sent; none of it arrives.
 */
export type Fault =
  | { kind: "pass" | "refuse" | "black-hole" | "reset" | "late" }
  | { kind: "delay"; ms: () => number }
  | { kind: "cut"; bytes: number }
  | { kind: "garbage"; reply: Uint8Array };

export interface FaultProxy {
  /** On 127.0.0.1; the same for the proxy's life. */
  readonly port: number;
  /** How many messages met the fault since it began: pieces of data that a client sent. */
  readonly struck: number;
  /** Messages that clients have sent since the proxy started. */
  readonly messages: number;
  /** Connections that clients have opened since the proxy started. */
  readonly accepted: number;
  /** Changes the fault at once. */
  become(fault: Fault): Promise<void>;
  /** Lets so many messages pass on the connections there are, and then changes the fault. */
  becomeAfter(messages: number, fault: Fault): void;
  stop(): Promise<void>;
}

interface Link {
  client: Socket;
  upstream: Socket;
  /** Messages that are on their way, by direction. */
  toServer: Buffer[];
  toClient: Buffer[];
  /** Its packets are dropped. */
  dead: boolean;
  /** Was sent bytes that the server never wrote. */
  garbled: boolean;
}

/** Below the range from which systems pick ports, so that nobody takes a port that is closed for a while. */
const FIRST_PORT = 12_000;
const PORTS = 18_000;

/** Passes TCP connections on to a port of this machine, and harms them as it is told to. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const links = new Set<Link>();
  let fault: Fault = { kind: "pass" };
  let pending: { messages: number; fault: Fault } | undefined;
  let struck = 0;
  let messages = 0;
  let accepted = 0;
  let held: { link: Link; reply: Buffer }[] = [];
  let server = await listenSomewhere(accept);
  const { port } = server.address() as AddressInfo;

  function accept(client: Socket): void {
    accepted += 1;
    const upstream = connect({ port: target, host: "127.0.0.1", noDelay: true });
    const state = { toServer: [], toClient: [], dead: fault.kind === "black-hole", garbled: false };
    const link: Link = { client, upstream, ...state };
    links.add(link);
    client.setNoDelay(true);
    client.on("data", (message) => fromClient(link, message));
    upstream.on("data", (reply) => fromServer(link, reply));
    for (const [end, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      end.on("error", () => {});
      end.on("end", () => link.dead || other.end());
      end.on("close", () => link.dead || other.destroy());
    }
  }

  function fromClient(link: Link, message: Buffer): void {
    messages += 1;
    if (pending && pending.messages-- === 0) begin(pending.fault);
    if (fault.kind !== "pass") struck += 1;
    if (link.dead) return;
    if (fault.kind === "reset") reset(link);
    else if (fault.kind === "delay") later(link.toServer, message, fault.ms(), link.upstream);
    else link.upstream.write(message);
  }

  function fromServer(link: Link, reply: Buffer): void {
    if (link.dead) return;
    if (fault.kind === "late") held.push({ link, reply });
    else if (fault.kind === "delay") later(link.toClient, reply, fault.ms(), link.client);
    else if (fault.kind === "garbage") {
      link.garbled = true;
      deliver(link, fault.reply);
    } else if (fault.kind === "cut") {
      link.upstream.destroy();
      link.client.end(reply.subarray(0, fault.bytes));
    } else deliver(link, reply);
  }

  function begin(next: Fault): void {
    pending = undefined;
    if (fault.kind === "garbage") for (const link of links) if (link.garbled) reset(link);
    for (const { link, reply } of held) deliver(link, reply);
    held = [];
    fault = next;
    struck = 0;
    if (next.kind === "black-hole") for (const link of links) link.dead = true;
    if (next.kind === "reset" || next.kind === "refuse") links.forEach(reset);
    if (next.kind === "refuse") server.close();
  }

  function reset(link: Link): void {
    links.delete(link);
    link.upstream.destroy();
    link.client.resetAndDestroy();
  }

  return {
    port,
    get struck() {
      return struck;
    },
    get messages() {
      return messages;
    },
    get accepted() {
      return accepted;
    },
    async become(next) {
      begin(next);
      if (next.kind !== "refuse" && !server.listening) server = await listen(port, accept);
    },
    becomeAfter(messages, next) {
      pending = { messages, fault: next };
    },
    async stop() {
      for (const { client, upstream } of links) {
        client.destroy();
        upstream.destroy();
      }
      if (!server.listening) return;
      server.close();
      await once(server, "close");
    },
  };
}

/** A server that sent its part keeps the connection open until the client has, too: it decides for itself. */
function deliver({ client }: Link, bytes: Uint8Array): void {
  if (client.writable) client.write(bytes);
}

/** Whose time has come first brings the oldest message of its direction. */
function later(onTheWay: Buffer[], message: Buffer, ms: number, to: Socket): void {
  onTheWay.push(message);
  setTimeout(() => {
    const oldest = onTheWay.shift();
    if (oldest && to.writable) to.write(oldest);
  }, ms);
}

async function listenSomewhere(accept: (client: Socket) => void): Promise<Server> {
  for (;;) {
    try {
      return await listen(FIRST_PORT + Math.floor(Math.random() * PORTS), accept);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

async function listen(port: number, accept: (client: Socket) => void): Promise<Server> {
  // A client that goes away must not be told good-bye by a black hole.
  const server = createServer({ allowHalfOpen: true }, accept).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
