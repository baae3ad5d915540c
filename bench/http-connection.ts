import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";

/**
 * A keep-alive HTTP/1.1 connection that costs its process some 10 µs a request: at the rates measured here a general
 * client would take more of the machine than the server does. Reads replies with a `content-length` or without a
 * body, which are all that the service sends.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received: Buffer | undefined;
  #done: ((status: number, reply: Buffer) => void) | undefined;

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => this.#end());
    socket.on("close", () => this.#end());
  }

  /** Sends a request and calls back with the status and the whole reply; status 0 if the connection broke. */
  send(request: Buffer, done: (status: number, reply: Buffer) => void): void {
    if (this.#socket.destroyed) {
      setImmediate(done, 0, Buffer.alloc(0));
      return;
    }
    this.#done = done;
    this.#socket.write(request);
  }

  ask(request: Buffer): Promise<{ status: number; reply: Buffer }> {
    return new Promise((resolve) => this.send(request, (status, reply) => resolve({ status, reply })));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const received = this.#received ? Buffer.concat([this.#received, chunk]) : chunk;
    const head = received.indexOf(HEAD_END, 0, "latin1");
    const length =
      head < 0 ? undefined : head + HEAD_END.length + bodyLength(received.toString("latin1", 0, head));
    if (length === undefined || received.length < length) {
      this.#received = received;
      return;
    }
    this.#received = undefined;
    const done = this.#done;
    this.#done = undefined;
    // "HTTP/1.1 302 …"
    done?.(Number(received.toString("latin1", 9, 12)), received);
  }

  #end(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.(0, Buffer.alloc(0));
  }
}

function bodyLength(head: string): number {
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined && /transfer-encoding/i.test(head))
    throw new Error(`an unexpected reply: ${head}`);
  return Number(length ?? 0);
}

/** The bytes of a request. `json` becomes its body. */
export function requestBytes(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  json?: unknown,
): Buffer {
  const body = json === undefined ? "" : JSON.stringify(json);
  const all: Record<string, string> = {
    host: "qr.example.com",
    ...headers,
    ...(json === undefined
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
}
