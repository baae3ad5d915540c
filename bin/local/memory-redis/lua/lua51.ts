import fengari, { type LuaState } from "fengari";
import { formatNumber } from "./numbers.ts";
import { fieldAt, pushText, setFunction } from "./values.ts";

const { lua, lauxlib } = fengari;

/** Changes the standard library from that of Lua 5.3 to that of Lua 5.1, as far as Redis shows it to scripts. */
export function addLua51(L: LuaState): void {
  lua.lua_pushglobaltable(L);
  setFunction(L, "pcall", protectedCall);
  for (const name of ["print", "dofile", "loadfile", "require"]) {
    lua.lua_pushnil(L);
    lua.lua_setfield(L, -2, name);
  }
  lua.lua_getglobal(L, "table");
  lua.lua_getfield(L, -1, "unpack");
  lua.lua_setglobal(L, "unpack");
  lua.lua_getglobal(L, "math");
  setFunction(L, "floor", numberFunction(Math.floor));
  setFunction(L, "ceil", numberFunction(Math.ceil));
  setFunction(L, "pow", numberFunction(Math.pow));
  // `tostring` and `string.format("%s")` ask the metatable of numbers.
  lua.lua_pushnumber(L, 0);
  lua.lua_createtable(L, 0, 1);
  setFunction(L, "__tostring", () => {
    pushText(L, formatNumber(lua.lua_tonumber(L, 1), 14));
    return 1;
  });
  lua.lua_setmetatable(L, -2);
  lua.lua_settop(L, 0);
}

/** Lua's `pcall`, except that a script sees an error reply as its text, as it does since Redis 7. */
function protectedCall(L: LuaState): number {
  lauxlib.luaL_checkany(L, 1);
  if (lua.lua_pcall(L, lua.lua_gettop(L) - 1, lua.LUA_MULTRET, 0) === lua.LUA_OK) {
    lua.lua_pushboolean(L, true);
    lua.lua_insert(L, 1);
    return lua.lua_gettop(L);
  }
  // A JavaScript error is a bug in here, no affair of the script.
  if (lua.lua_islightuserdata(L, -1)) return lua.lua_error(L);
  const text = lua.lua_type(L, -1) === lua.LUA_TTABLE ? fieldAt(L, "err") : undefined;
  if (text !== undefined) pushText(L, text);
  lua.lua_pushboolean(L, false);
  lua.lua_insert(L, -2);
  return 2;
}

const numberFunction = (compute: (a: number, b: number) => number) => (L: LuaState) => {
  const second = lua.lua_gettop(L) > 1 ? lauxlib.luaL_checknumber(L, 2) : 0;
  lua.lua_pushnumber(L, compute(lauxlib.luaL_checknumber(L, 1), second));
  return 1;
};
