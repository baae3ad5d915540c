import { setTimeout as sleep } from "node:timers/promises";
import { CacheKeys } from "../../../data/redis/keys.ts";
import type { RedisPort } from "../../../data/redis/port.ts";
import { luaScript } from "../lua-script.ts";
import type { Action } from "./actions.ts";
import type { MadeKeys } from "./keys.ts";
import type { Names } from "./names.ts";

const EVICT_CACHE = luaScript(
  "evict the whole cache",
  `for _, key in ipairs(redis.call('KEYS', 'qr-service:*')) do
  local kept = key == 'qr-service:outbox' or key:find('^qr%-service:scan%-count:') or key:find('^qr%-service:mark:')
  if not kept then redis.call('DEL', key) end
end
return 1`,
);

/** Takes from Redis what it may lose at any time. A key that expires is gone when this returns. */
export async function evict(
  redis: RedisPort,
  action: Extract<Action, { kind: "evict" }>,
  names: Names,
  keys: MadeKeys,
): Promise<void> {
  if (action.what === "whole cache") return evictCache(redis);
  const key = keyOf(action, names, keys);
  if (!action.expire) await redis.command("DEL", key);
  else {
    await redis.command("PEXPIRE", key, "1");
    await sleep(2);
  }
}

export async function evictCache(redis: RedisPort): Promise<void> {
  await redis.script(EVICT_CACHE, [], []);
}

function keyOf(
  { what, tenant, code }: Extract<Action, { kind: "evict" }>,
  names: Names,
  keys: MadeKeys,
): string {
  const entry = CacheKeys.code(names.id(tenant), names.id(code));
  const list = CacheKeys.list(names.id(tenant));
  const link = CacheKeys.link(names.id(code));
  const key = CacheKeys.apiKey(keys.get(tenant)?.keyId ?? "none");
  switch (what) {
    case "key":
      return key;
    case "key's fence":
      return CacheKeys.fence(key);
    case "entry":
      return entry;
    case "list":
      return list;
    case "link":
      return link;
    case "entry's fence":
      return CacheKeys.fence(entry);
    case "list's fence":
      return CacheKeys.fence(list);
    case "link's fence":
      return CacheKeys.fence(link);
    default:
      return CacheKeys.lease(link);
  }
}
