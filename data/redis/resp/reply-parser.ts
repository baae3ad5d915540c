import { isAscii } from "node:buffer";
import type { Reply } from "../port.ts";

/** An error reply, or a list that holds one: its code in capitals (`OOM`, `NOSCRIPT` …). The rest may hold values. */
export class ErrorReply {
  readonly code: string;

  /** @param text without its `-` */
  constructor(text: string) {
    this.code = /^[A-Z]{1,32}/.exec(text)?.[0] ?? "ERR";
  }
}

/** What has come is not RESP2, or larger than any reply of Redis: the connection is of no use any more. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code = "EPROTO";
}

/** A status, an error or a number. */
const MAX_LINE = 64 * 1_024;
/** A bulk string, in bytes: what V8 still takes as one string, together with the chunk behind it. */
const MAX_BULK = 256 * 1_024 * 1_024;
const MAX_ITEMS = 1_000_000;
const MAX_DEPTH = 32;

/** A list whose end has not come yet. */
interface OpenList {
  items: Reply[];
  missing: number;
  error: ErrorReply | undefined;
}

/**
 * Reads RESP2 (https://redis.io/docs/latest/develop/reference/protocol-spec/), however it is split into chunks, in time
 * that grows with its length.
 *
 * A chunk is decoded once, as Latin-1, in which a character is a byte: slices of one string cost a tenth of decoding each
 * string of a reply. Only if a chunk is not ASCII, its strings are then decoded as UTF-8.
 */
export class ReplyParser {
  readonly #onReply: (reply: Reply | ErrorReply) => void;
  /** Not yet read, from `#at`. */
  #text = "";
  #at = 0;
  #isAscii = true;
  /** Chunks that are not looked at before there are `#wanted` characters in all. */
  #later: string[] = [];
  #laterLength = 0;
  #wanted = 0;
  readonly #open: OpenList[] = [];

  constructor(onReply: (reply: Reply | ErrorReply) => void) {
    this.#onReply = onReply;
  }

  /** @throws ProtocolError */
  read(chunk: Buffer): void {
    this.#isAscii &&= isAscii(chunk);
    const text = chunk.toString("latin1");
    if (this.#wanted === 0) {
      this.#text = text;
    } else {
      this.#later.push(text);
      this.#laterLength += text.length;
      if (this.#laterLength < this.#wanted) return;
      this.#text = this.#later.join("");
    }
    this.#at = 0;
    this.#wanted = 0;
    while (this.#at < this.#text.length && this.#element());
    if (this.#at < this.#text.length) {
      const rest = this.#text.slice(this.#at);
      this.#later = [rest];
      this.#laterLength = rest.length;
      this.#wanted = Math.max(this.#wanted, rest.length + 1);
    } else {
      this.#later = [];
      this.#laterLength = 0;
      this.#isAscii = true;
    }
    this.#text = "";
  }

  /** Reads one element, if it is there as a whole. */
  #element(): boolean {
    const text = this.#text;
    const start = this.#at;
    const end = text.indexOf("\r\n", start);
    if (end < 0 || end - start > MAX_LINE) {
      if (text.length - start > MAX_LINE) throw new ProtocolError("a line without an end");
      // The type, at least, may be seen to be none.
      if (!"+-:$*".includes(text[start] as string)) throw new ProtocolError("not RESP");
      return false;
    }
    const next = end + 2;
    switch (text[start]) {
      case "$": {
        const length = this.#count(start + 1, end, MAX_BULK);
        if (length < 0) return this.#value(null, next);
        const after = next + length + 2;
        if (text.length < after) {
          this.#wanted = after - start;
          return false;
        }
        if (text.charCodeAt(after - 2) !== 13 || text.charCodeAt(after - 1) !== 10) {
          throw new ProtocolError("a string of another length");
        }
        return this.#value(this.#decoded(text.slice(next, next + length)), after);
      }
      case "*": {
        const missing = this.#count(start + 1, end, MAX_ITEMS);
        if (missing < 0) return this.#value(null, next);
        if (missing === 0) return this.#value([], next);
        if (this.#open.length === MAX_DEPTH) throw new ProtocolError("lists too deep");
        this.#open.push({ items: [], missing, error: undefined });
        this.#at = next;
        return true;
      }
      case ":":
        return this.#value(this.#integer(start + 1, end), next);
      case "+":
        return this.#value(this.#decoded(text.slice(start + 1, end)), next);
      case "-":
        return this.#value(new ErrorReply(text.slice(start + 1, end)), next);
      default:
        throw new ProtocolError("not RESP");
    }
  }

  /** Takes a value that ends before `next`, and all lists that end with it. */
  #value(read: Reply | ErrorReply, next: number): true {
    this.#at = next;
    let value = read;
    for (;;) {
      const list = this.#open.at(-1);
      if (!list) {
        this.#onReply(value);
        return true;
      }
      if (value instanceof ErrorReply) list.error ??= value;
      else list.items.push(value);
      if (--list.missing > 0) return true;
      this.#open.pop();
      value = list.error ?? list.items;
    }
  }

  /** A length, or -1 for null. */
  #count(start: number, end: number, max: number): number {
    const count = this.#integer(start, end);
    if (count < -1 || count > max) throw new ProtocolError("a length out of bounds");
    return count;
  }

  #integer(start: number, end: number): number {
    const text = this.#text;
    const isNegative = text.charCodeAt(start) === 45;
    let value = 0;
    const first = isNegative ? start + 1 : start;
    if (first === end) throw new ProtocolError("no number");
    for (let at = first; at < end; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) throw new ProtocolError("no number");
      value = 10 * value + digit;
    }
    return isNegative ? -value : value;
  }

  #decoded(text: string): string {
    return this.#isAscii ? text : Buffer.from(text, "latin1").toString();
  }
}
