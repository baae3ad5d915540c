import { globPattern } from "../glob.ts";
import { CommandError, type Result, Status, syntaxError } from "../reply.ts";
import type { Store } from "../store.ts";
import { type CommandTable, command, integer } from "./command.ts";

const remove = command(1, Infinity, (store, ...keys) => keys.filter((key) => store.delete(key)).length);

export const keyCommands: CommandTable = {
  DEL: remove,
  UNLINK: remove,
  EXISTS: command(1, Infinity, (store, ...keys) => keys.filter((key) => store.get(key) !== undefined).length),
  TYPE: command(1, 1, (store, key) => new Status(store.get(key)?.type ?? "none")),
  EXPIRE: command(2, 3, (store, key, time, condition) =>
    expire(store, key, integer(time) * 1_000, condition),
  ),
  PEXPIRE: command(2, 3, (store, key, time, condition) => expire(store, key, integer(time), condition)),
  TTL: command(1, 1, (store, key) => timeToLive(store, key, 1_000)),
  PTTL: command(1, 1, (store, key) => timeToLive(store, key, 1)),
  PERSIST: command(1, 1, (store, key) => {
    if (store.expiry(key) === undefined) return 0;
    store.expire(key, undefined);
    return 1;
  }),
  SCAN: command(1, Infinity, (store, cursor, ...options) => scan(store, cursor, options)),
};

function expire(store: Store, key: string, lifetime: number, condition?: string): number {
  const allowed = expiryAllowed(store.expiry(key), store.now + lifetime, condition?.toUpperCase());
  if (store.get(key) === undefined || !allowed) return 0;
  if (lifetime <= 0) store.delete(key);
  else store.expire(key, store.now + lifetime);
  return 1;
}

/** The conditions of EXPIRE. A key without expiry counts as one that expires at the end of time. */
function expiryAllowed(current: number | undefined, next: number, condition?: string): boolean {
  if (condition === undefined) return true;
  if (condition === "NX") return current === undefined;
  if (condition === "XX") return current !== undefined;
  if (condition === "GT") return next > (current ?? Infinity);
  if (condition === "LT") return next < (current ?? Infinity);
  throw new CommandError("ERR Unsupported option");
}

function timeToLive(store: Store, key: string, unit: number): number {
  if (store.get(key) === undefined) return -2;
  const expiresAt = store.expiry(key);
  return expiresAt === undefined ? -1 : Math.round((expiresAt - store.now) / unit);
}

function scan(store: Store, cursor: string, options: string[]): Result {
  if (!/^\d+$/.test(cursor)) throw new CommandError("ERR invalid cursor");
  let pattern: RegExp | undefined;
  let count = 10;
  for (let i = 0; i < options.length; i += 2) {
    const [name, value] = options.slice(i, i + 2);
    if (value === undefined) throw syntaxError();
    if (name?.toUpperCase() === "MATCH") pattern = globPattern(value);
    else if (name?.toUpperCase() === "COUNT") count = integer(value);
    else throw syntaxError();
  }
  if (count < 1) throw syntaxError();
  const { keys, next } = store.scan(Number(cursor), count);
  return [String(next), keys.filter((key) => pattern?.test(key) ?? true)];
}
