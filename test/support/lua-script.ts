import { createHash } from "node:crypto";
import type { LuaScript } from "../../data/redis/port.ts";

/** A script that is written where it is used, with the SHA-1 that EVALSHA knows it by. */
export function luaScript(name: string, source: string): LuaScript {
  return { name, source, sha1: createHash("sha1").update(source).digest("hex") };
}
