import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { parseReplies, type RawReply } from "./hostile/exchange.ts";

/** A TCP connection on which a test writes bytes as no HTTP client would. */
export interface RawConnection {
  socket: Socket;
  send(bytes: string): void;
  /** Whole replies that have arrived by now, interim ones left out. */
  replies(): RawReply[];
  /** All that has arrived by now, in latin1. */
  received(): string;
  /** Waits until so many whole replies have arrived. Rejects if the connection ends before. */
  answered(count: number): Promise<RawReply[]>;
  /** Settles when the connection has ended, with the code of the error that ended it, if one did. */
  closed: Promise<string | undefined>;
}

/** Opens a connection to 127.0.0.1. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  let received = "";
  let failure: string | undefined;
  let isClosed = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    received += chunk;
    wake();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    failure = error.code ?? error.message;
  });
  socket.on("end", () => socket.end());
  const closed = new Promise<string | undefined>((resolve) =>
    socket.once("close", () => {
      isClosed = true;
      wake();
      resolve(failure);
    }),
  );
  await once(socket, "connect");

  const replies = () => wholeReplies(received);
  return {
    socket,
    send: (bytes) => void socket.write(bytes, "latin1"),
    replies,
    received: () => received,
    answered: (count) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const arrived = replies();
          if (arrived.length < count && !isClosed) return;
          waiting.delete(look);
          if (arrived.length >= count) resolve(arrived);
          else reject(new Error(`the connection ended (${failure}) after ${JSON.stringify(received)}`));
        };
        waiting.add(look);
        look();
      }),
    closed,
  };
}

function wholeReplies(received: string): RawReply[] {
  try {
    return parseReplies(received, false);
  } catch {
    return [];
  }
}

/** The value of a reply's header. */
export function headerOf(reply: RawReply | undefined, name: string): string | undefined {
  return new Map(reply?.headers).get(name);
}
