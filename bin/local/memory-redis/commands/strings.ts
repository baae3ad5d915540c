import { CommandError, type Result, Status, syntaxError } from "../reply.ts";
import type { Store } from "../store.ts";
import { type CommandTable, command, integer } from "./command.ts";

interface SetOptions {
  unit?: "EX" | "PX";
  lifetime?: string;
  keepTtl?: boolean;
  only?: "NX" | "XX";
  get?: boolean;
}

export const stringCommands: CommandTable = {
  GET: command(1, 1, (store, key) => store.find(key, "string")?.text ?? null),
  MGET: command(1, Infinity, (store, ...keys) =>
    keys.map((key) => {
      const value = store.get(key);
      return value?.type === "string" ? value.text : null;
    }),
  ),
  SET: command(2, Infinity, (store, key, text, ...options) => set(store, key, text, setOptions(options))),
  INCR: command(1, 1, (store, key) => increment(store, key, 1)),
  INCRBY: command(2, 2, (store, key, by) => increment(store, key, integer(by))),
};

function set(store: Store, key: string, text: string, options: SetOptions): Result {
  const expiresAt = expiry(store, key, options);
  const old = options.get ? (store.find(key, "string")?.text ?? null) : undefined;
  const exists = store.get(key) !== undefined;
  const refused = options.only !== undefined && exists !== (options.only === "XX");
  if (!refused) store.put(key, { type: "string", text }, expiresAt);
  if (old !== undefined) return old;
  return refused ? null : Status.OK;
}

function setOptions(words: string[]): SetOptions {
  const options: SetOptions = {};
  const rest = words.values();
  for (const word of rest) {
    const name = word.toUpperCase();
    if (name === "GET") options.get = true;
    else if (name === "KEEPTTL" && !options.unit) options.keepTtl = true;
    else if ((name === "NX" || name === "XX") && (options.only ?? name) === name) options.only = name;
    else if ((name === "EX" || name === "PX") && (options.unit ?? name) === name && !options.keepTtl) {
      options.unit = name;
      const { value } = rest.next();
      if (value === undefined) throw syntaxError();
      options.lifetime = value;
    } else throw syntaxError();
  }
  return options;
}

function expiry(store: Store, key: string, { unit, lifetime, keepTtl }: SetOptions): number | undefined {
  if (lifetime === undefined) return keepTtl ? store.expiry(key) : undefined;
  const value = integer(lifetime);
  if (value <= 0) throw new CommandError("ERR invalid expire time in 'set' command");
  return store.now + value * (unit === "EX" ? 1_000 : 1);
}

function increment(store: Store, key: string, by: number): number {
  const value = store.find(key, "string");
  const sum = integer(value?.text ?? "0") + by;
  if (!Number.isSafeInteger(sum)) throw new CommandError("ERR increment or decrement would overflow");
  if (value) value.text = String(sum);
  else store.put(key, { type: "string", text: String(sum) });
  return sum;
}
