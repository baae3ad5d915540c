import { CommandError, type Result } from "../reply.ts";
import type { Store } from "../store.ts";

/** Runs with the arguments that follow the command's name. Throws `CommandError` for an error reply. */
export type Command = (store: Store, args: string[]) => Result;

/** Commands by their upper-case names. */
export type CommandTable = Record<string, Command>;

/** A command that takes `min` to `max` arguments and so may rely on the first `min` being there. */
export function command(min: number, max: number, run: (store: Store, ...args: string[]) => Result): Command {
  return (store, args) => {
    if (args.length < min || args.length > max) throw new CommandError("ERR wrong number of arguments");
    return run(store, ...args);
  };
}

/** Reads a decimal integer, strictly as Redis does: no sign but `-`, no leading zeros, no spaces. */
export function integer(text: string | undefined): number {
  const value = text !== undefined && /^(?:0|-?[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new CommandError("ERR value is not an integer or out of range");
  return value;
}

/** Splits a list of names and values by turns. */
export function pairs(list: string[]): [string, string][] {
  if (list.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments");
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i] ?? "", list[2 * i + 1] ?? ""]);
}
