import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";

interface Connection {
  /** Replies that are not yet sent, each with its request, in the order in which the requests came. */
  exchanges: Set<ServerResponse>;
  newest: ServerResponse | undefined;
  /** Drops a reply that is sent. */
  drop: (this: ServerResponse) => void;
  /** Whether a reply has said `Connection: close`: what comes after it is not read as a request. */
  isEnding: boolean;
  /** `bytesRead` at the last look; what has grown since is about to be a request. */
  bytesSeen: number;
}

/** How long a connection without a request stays open while the server stops, in milliseconds. */
const IDLE_MS = 500;

/** What is under way on each connection of a server, so that every reply can still be sent when it stops. */
export class Connections {
  readonly #server: Server;
  readonly #open = new Map<Duplex, Connection>();
  #isStopping = false;

  /** @param server not yet listening */
  constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      const exchanges = new Set<ServerResponse>();
      const drop = function (this: ServerResponse) {
        exchanges.delete(this);
      };
      this.#open.set(socket, { exchanges, newest: undefined, drop, isEnding: false, bytesSeen: 0 });
      socket.once("close", () => this.#open.delete(socket));
    });
  }

  /** Notes a request until its reply is sent; `false` if it came after the last one of its connection. */
  begin(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#open.get(request.socket);
    if (!connection || connection.isEnding) return false;
    connection.exchanges.add(response);
    connection.newest = response;
    response.on("close", connection.drop);
    return true;
  }

  /**
   * Says whether the reply that is about to be sent is the last one on its connection: its request's body is not
   * wholly read, or the server stops and no later request has come. Nothing is read as a request after that.
   */
  aboutToReply(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#open.get(request.socket);
    if (!connection) return true;
    const isNewest = connection.newest === response;
    connection.isEnding ||= !request.complete || (this.#isStopping && isNewest);
    return connection.isEnding && isNewest;
  }

  /**
   * Calls `refuse` for bytes that can't be read, once every whole request before them has its reply; never if the
   * request that they belong to has its reply already.
   */
  afterReplies(socket: Duplex, refuse: () => void): void {
    const exchanges = [...(this.#open.get(socket)?.exchanges ?? [])];
    const last = exchanges.at(-1);
    if (last && !last.req.complete) {
      if (last.headersSent) return;
      exchanges.pop();
    }
    const before = exchanges.at(-1);
    if (before) before.once("close", refuse);
    else refuse();
  }

  /**
   * Takes no new connections, lets every request that has come get its reply, and ends each connection after the
   * last one, or once it has been silent for half a second. A connection that was open anyway may carry a further
   * request: its client can't know yet.
   *
   * @param deadlineMs after which whatever is still open is cut
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#isStopping = true;
    for (const [socket, connection] of this.#open) connection.bytesSeen = (socket as Socket).bytesRead;
    const idle = setInterval(() => this.#endIdle(), IDLE_MS);
    const deadline = setTimeout(() => this.#cut(), deadlineMs);
    // Node's HTTP server would cut idle connections at once, on which a request may be on its way.
    await new Promise<void>((resolve) => NetServer.prototype.close.call(this.#server, () => resolve()));
    clearInterval(idle);
    clearTimeout(deadline);
    this.#server.close();
  }

  #endIdle(): void {
    for (const [socket, connection] of this.#open) {
      const { bytesRead } = socket as Socket;
      if (connection.exchanges.size === 0 && bytesRead === connection.bytesSeen) {
        (socket as Socket).destroySoon();
      }
      connection.bytesSeen = bytesRead;
    }
  }

  #cut(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }
}
