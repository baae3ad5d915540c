import fengari, { type LuaState } from "fengari";
import { CommandError, type Result } from "../reply.ts";
import { type CallFromScript, newSandbox } from "./sandbox.ts";
import { fieldAt, popResult, pushList, textAt } from "./values.ts";

const { lua, lauxlib } = fengari;

/** Compiles and runs the scripts of one store. */
export class LuaEngine {
  readonly #L: LuaState;
  /** By SHA-1: where Lua's registry holds the compiled script. */
  readonly #compiled = new Map<string, number>();

  constructor(call: CallFromScript) {
    this.#L = newSandbox(call);
  }

  /** Says whether a script was loaded. */
  has(sha1: string): boolean {
    return this.#compiled.has(sha1);
  }

  /** Compiles a script, unless it is known. Throws `CommandError` if it is not Lua. */
  load(sha1: string, source: string): void {
    if (this.has(sha1)) return;
    const chunk = Buffer.from(source, "latin1");
    if (lauxlib.luaL_loadbuffer(this.#L, chunk, chunk.length, "@user_script") !== lua.LUA_OK) {
      throw this.#popError();
    }
    this.#compiled.set(sha1, lauxlib.luaL_ref(this.#L, lua.LUA_REGISTRYINDEX));
  }

  /** Runs a compiled script. Throws `CommandError` if it is not known, fails, or returns an error reply. */
  run(sha1: string, keys: string[], args: string[]): Result {
    const compiled = this.#compiled.get(sha1);
    if (compiled === undefined) throw new CommandError("NOSCRIPT No matching script. Please use EVAL.");
    const L = this.#L;
    this.#setGlobal("KEYS", keys);
    this.#setGlobal("ARGV", args);
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, compiled);
    if (lua.lua_pcall(L, 0, 1, 0) !== lua.LUA_OK) throw this.#popError();
    try {
      return popResult(L);
    } finally {
      lua.lua_settop(L, 0);
    }
  }

  /** Forgets every script. */
  flush(): void {
    for (const ref of this.#compiled.values()) lauxlib.luaL_unref(this.#L, lua.LUA_REGISTRYINDEX, ref);
    this.#compiled.clear();
  }

  /** Bypasses the protection of the globals. */
  #setGlobal(name: string, list: string[]): void {
    lua.lua_pushglobaltable(this.#L);
    lua.lua_pushstring(this.#L, name);
    pushList(this.#L, list);
    lua.lua_rawset(this.#L, -3);
    lua.lua_pop(this.#L, 1);
  }

  /** An error is a table if a command raised it, a string if Lua did, and a JavaScript error if it is a bug. */
  #popError(): unknown {
    const L = this.#L;
    const native = lua.lua_islightuserdata(L, -1) ? lua.lua_touserdata(L, -1) : undefined;
    const type = lua.lua_type(L, -1);
    const raised = type === lua.LUA_TTABLE ? fieldAt(L, "err") : undefined;
    const text = type === lua.LUA_TSTRING ? textAt(L, -1) : "script failed";
    lua.lua_settop(L, 0);
    return native ?? new CommandError(raised ?? `ERR ${text}`);
  }
}
