import { createConnection } from "node:net";

/** What came back for the bytes of a request. */
export interface Exchange {
  /** In latin1, whatever arrived. */
  received: string;
  /** Whether the server ended the connection; if not, time ran out. */
  closed: boolean;
}

/** A server that takes longer hangs. In milliseconds. */
const DEADLINE_MS = 5_000;

/** How long a server may think about a request of which a part is missing, in milliseconds. */
const UNFINISHED_MS = 15;

/** After a whole reply on a connection that is kept, for whatever may still follow. In milliseconds. */
const SETTLE_MS = 3;

/** Sends `bytes` (latin1) and reads until the server closes, or has answered and keeps the connection. */
export function exchange(port: number, bytes: string, unfinished: boolean): Promise<Exchange> {
  return new Promise((resolve) => {
    let received = "";
    const socket = createConnection(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    const finish = (closed: boolean) => {
      clearTimeout(timer);
      resolve({ received, closed });
      socket.destroy();
    };
    let timer = setTimeout(finish, unfinished ? UNFINISHED_MS : DEADLINE_MS, false);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      received += chunk;
      if (!/\r\nconnection: keep-alive\r\n/i.test(received) || !isWhole(received)) return;
      clearTimeout(timer);
      timer = setTimeout(finish, SETTLE_MS, true);
    });
    // A server that refuses early may reset the connection: what counts is what arrived before.
    socket.on("error", () => {});
    socket.on("close", () => finish(true));
  });
}

function isWhole(received: string): boolean {
  try {
    return parseReplies(received, false).length > 0;
  } catch {
    return false;
  }
}

export interface RawReply {
  status: number;
  /** Names in lower case, in order, as often as they came. */
  headers: [name: string, value: string][];
  /** In latin1. */
  body: string;
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [\x20-\x7e]*$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

/** Bytes that are no HTTP are refused with a body: that they began with HEAD is not known then. */
function isProblem(rest: string): boolean {
  return rest.startsWith('{"type":"urn:problem:');
}

/**
 * Reads replies off a connection by the letter of RFC 9112, interim ones left out.
 *
 * @param head whether the first reply answers HEAD, and so has no body
 * @throws Error if the bytes are anything but whole replies one after another
 */
export function parseReplies(received: string, head: boolean): RawReply[] {
  const replies: RawReply[] = [];
  for (let rest = received; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) throw new Error("the head of a reply does not end");
    const [statusLine = "", ...fields] = rest.slice(0, end).split("\r\n");
    const status = Number(STATUS_LINE.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`not a status line: ${JSON.stringify(statusLine)}`);
    const headers = fields.map((field): [string, string] => {
      const [, name, value = ""] = FIELD.exec(field) ?? [];
      if (name === undefined) throw new Error(`not a header: ${JSON.stringify(field)}`);
      return [name.toLowerCase(), value];
    });
    rest = rest.slice(end + 4);
    if (status < 200) continue;
    const bodiless = status === 204 || status === 304 || (head && replies.length === 0 && !isProblem(rest));
    const length = bodiless ? 0 : Number(new Map(headers).get("content-length") ?? Number.NaN);
    if (!(length >= 0)) throw new Error("a reply does not tell its length");
    if (rest.length < length) throw new Error("a reply is shorter than it says");
    replies.push({ status, headers, body: rest.slice(0, length) });
    rest = rest.slice(length);
  }
  return replies;
}
