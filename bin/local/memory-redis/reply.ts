import type { Reply } from "../../../data/redis/port.ts";
import { fromBytes } from "./bytes.ts";

/** A status reply such as `OK`. A client sees a plain string, a script sees `{ok = "OK"}`. */
export class Status {
  static readonly OK: Status = new Status("OK");
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a command answers. Strings are byte strings, see `bytes.ts`. */
export type Result = string | number | null | Status | Result[];

/** An error reply. Its message starts with the code word that clients go by, such as `WRONGTYPE`. */
export class CommandError extends Error {
  /** The code word alone: unlike the message, which a script may have written, it holds no keys or values. */
  get code(): string {
    return /^[A-Z]+/.exec(this.message)?.[0] ?? "ERR";
  }
}

/** For a key that holds another type than the command is for. */
export const wrongType = () =>
  new CommandError("WRONGTYPE Operation against a key holding the wrong kind of value");

/** For options that are not understood or exclude each other. */
export const syntaxError = () => new CommandError("ERR syntax error");

/** Turns a result into what a client sees: byte strings are decoded, statuses are strings. */
export function toReply(result: Result): Reply {
  if (Array.isArray(result)) return result.map(toReply);
  if (result instanceof Status) return fromBytes(result.text);
  return typeof result === "string" ? fromBytes(result) : result;
}
