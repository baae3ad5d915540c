import { createHash } from "node:crypto";
import type { LuaScript } from "./port.ts";

/** For a script: what a counter says, or nil if there is none or it holds something else, as `parseCount` reads it. */
export const LUA_COUNT_OF = `local function countOf(value)
  return type(value) == 'string' and #value <= 15 and string.find(value, '^%d+$') and tonumber(value) or nil
end`;

/** Names a script and computes the SHA-1 that EVALSHA knows it by. */
export function luaScript(name: string, source: string): LuaScript {
  return { name, source, sha1: createHash("sha1").update(source).digest("hex") };
}
