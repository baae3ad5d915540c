import type { Adapter, AdapterPayload } from "oidc-provider";

/** Entries of all kinds that are kept; beyond them the oldest go, and whoever they belong to signs in again. */
const MAX_ENTRIES = 10_000;

interface Entry {
  payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/**
 * Where the provider keeps its sessions, codes and refresh tokens: in memory, so that a restart ends them, and the next
 * sign-in is one click.
 *
 * @returns a factory of adapters over one store, by the kind of what they keep
 */
export function memoryAdapters(now: () => number = Date.now): (kind: string) => Adapter {
  const entries = new Map<string, Entry>();
  const find = (key: string) => {
    const entry = entries.get(key);
    if (entry && entry.expiresAt > now()) return entry.payload;
    entries.delete(key);
    return undefined;
  };
  const findBy = (kind: string, name: "uid" | "userCode", value: string) => {
    const found = [...entries].find(
      ([key, { payload }]) => key.startsWith(`${kind}:`) && payload[name] === value,
    );
    return found && find(found[0]);
  };
  return (kind) => ({
    async upsert(id, payload, expiresInS = 0) {
      entries.delete(`${kind}:${id}`);
      entries.set(`${kind}:${id}`, { payload, expiresAt: now() + expiresInS * 1_000 });
      for (const key of entries.keys()) if (entries.size > MAX_ENTRIES) entries.delete(key);
    },
    find: async (id) => find(`${kind}:${id}`),
    findByUid: async (uid) => findBy(kind, "uid", uid),
    findByUserCode: async (userCode) => findBy(kind, "userCode", userCode),
    async consume(id) {
      const payload = find(`${kind}:${id}`);
      if (payload) payload.consumed = Math.floor(now() / 1_000);
    },
    async destroy(id) {
      entries.delete(`${kind}:${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
