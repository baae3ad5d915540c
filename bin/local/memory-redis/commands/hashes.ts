import type { Store } from "../store.ts";
import { type CommandTable, command, pairs } from "./command.ts";

export const hashCommands: CommandTable = {
  HSET: command(3, Infinity, (store, key, ...list) => setFields(store, key, pairs(list))),
  HGET: command(2, 2, (store, key, field) => store.find(key, "hash")?.fields.get(field) ?? null),
  HMGET: command(2, Infinity, (store, key, ...names) => {
    const hash = store.find(key, "hash");
    return names.map((name) => hash?.fields.get(name) ?? null);
  }),
  HGETALL: command(1, 1, (store, key) => [...(store.find(key, "hash")?.fields ?? [])].flat()),
  HDEL: command(2, Infinity, (store, key, ...names) => deleteFields(store, key, names)),
};

function setFields(store: Store, key: string, entries: [string, string][]): number {
  const fields = store.find(key, "hash")?.fields ?? new Map<string, string>();
  const before = fields.size;
  for (const [name, value] of entries) fields.set(name, value);
  if (before === 0) store.put(key, { type: "hash", fields });
  return fields.size - before;
}

/** Redis has no empty hashes: the key goes with its last field. */
function deleteFields(store: Store, key: string, names: string[]): number {
  const fields = store.find(key, "hash")?.fields ?? new Map<string, string>();
  const deleted = names.filter((name) => fields.delete(name)).length;
  if (deleted > 0 && fields.size === 0) store.delete(key);
  return deleted;
}
