import { createHash } from "node:crypto";
import fengari, { type LuaState } from "fengari";
import { CommandError, type Result } from "../reply.ts";
import { addLua51 } from "./lua51.ts";
import { formatNumber } from "./numbers.ts";
import { pushRecord, pushResult, pushText, setFunction, textAt } from "./values.ts";

const { lua, lauxlib, lualib } = fengari;

/** Runs a command for a script. Throws `CommandError` for an error reply. */
export type CallFromScript = (name: string, args: string[]) => Result;

/** Makes a Lua state with the globals that Redis gives to a script. */
export function newSandbox(call: CallFromScript): LuaState {
  const L = lauxlib.luaL_newstate();
  // A JavaScript error passes through Lua unchanged, to the caller of the script.
  lua.lua_atnativeerror(L, () => 1);
  lauxlib.luaL_requiref(L, "_G", lualib.luaopen_base, true);
  lauxlib.luaL_requiref(L, "table", lualib.luaopen_table, true);
  lauxlib.luaL_requiref(L, "string", lualib.luaopen_string, true);
  lauxlib.luaL_requiref(L, "math", lualib.luaopen_math, true);
  lua.lua_settop(L, 0);
  addLua51(L);
  lua.lua_createtable(L, 0, 5);
  setFunction(L, "call", callFunction(call, true));
  setFunction(L, "pcall", callFunction(call, false));
  setFunction(L, "error_reply", recordFunction("err", errorText));
  setFunction(
    L,
    "status_reply",
    recordFunction("ok", (text) => text),
  );
  setFunction(L, "sha1hex", sha1hex);
  lua.lua_setglobal(L, "redis");
  protectGlobals(L);
  return L;
}

/** As in Redis, a script can neither make a global nor read one that is not there. */
function protectGlobals(L: LuaState): void {
  const refuse = (L: LuaState) => {
    pushRecord(L, "err", "ERR Script attempted to access nonexistent global variable");
    return lua.lua_error(L);
  };
  lua.lua_pushglobaltable(L);
  lua.lua_createtable(L, 0, 2);
  setFunction(L, "__index", refuse);
  setFunction(L, "__newindex", refuse);
  lua.lua_setmetatable(L, -2);
  lua.lua_settop(L, 0);
}

const callFunction = (call: CallFromScript, raises: boolean) => (L: LuaState) => {
  try {
    const [name, ...args] = commandWords(L);
    if (name === undefined) throw new CommandError("ERR Please specify at least one argument for this call");
    pushResult(L, call(name, args));
    return 1;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    pushRecord(L, "err", error.message);
    return raises ? lua.lua_error(L) : 1;
  }
};

function commandWords(L: LuaState): string[] {
  return Array.from({ length: lua.lua_gettop(L) }, (_, i) => {
    const type = lua.lua_type(L, i + 1);
    if (type === lua.LUA_TNUMBER) return formatNumber(lua.lua_tonumber(L, i + 1), 17);
    if (type === lua.LUA_TSTRING) return textAt(L, i + 1);
    throw new CommandError("ERR Lua redis lib command arguments must be strings or integers");
  });
}

const recordFunction = (field: "ok" | "err", format: (text: string) => string) => (L: LuaState) => {
  if (lua.lua_gettop(L) !== 1 || lua.lua_type(L, 1) !== lua.LUA_TSTRING) {
    pushRecord(L, "err", "ERR wrong number or type of arguments");
  } else pushRecord(L, field, format(textAt(L, 1)));
  return 1;
};

/** A text of one word has no code word, so it gets the generic one. */
function errorText(text: string): string {
  const error = text.replace(/^-/, "");
  return error.includes(" ") ? error : `ERR ${error}`;
}

function sha1hex(L: LuaState): number {
  pushText(L, createHash("sha1").update(textAt(L, 1), "latin1").digest("hex"));
  return 1;
}
