/** The part of fengari that the stand-in uses. Functions have the names and arguments of Lua's C API. */
declare module "fengari" {
  export interface LuaState {
    readonly luaStateBrand: unique symbol;
  }
  type CFunction = (L: LuaState) => number;
  type Text = string | Uint8Array;

  const lua: {
    LUA_MULTRET: number;
    LUA_OK: number;
    LUA_REGISTRYINDEX: number;
    LUA_TNIL: number;
    LUA_TBOOLEAN: number;
    LUA_TNUMBER: number;
    LUA_TSTRING: number;
    LUA_TTABLE: number;
    lua_atnativeerror(L: LuaState, handler: CFunction): unknown;
    lua_createtable(L: LuaState, arraySize: number, fields: number): void;
    lua_error(L: LuaState): never;
    lua_getfield(L: LuaState, index: number, name: Text): number;
    lua_getglobal(L: LuaState, name: Text): number;
    lua_gettop(L: LuaState): number;
    lua_insert(L: LuaState, index: number): void;
    lua_islightuserdata(L: LuaState, index: number): boolean;
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
    lua_pop(L: LuaState, count: number): void;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushcfunction(L: LuaState, run: CFunction): void;
    lua_pushglobaltable(L: LuaState): void;
    lua_pushnil(L: LuaState): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, value: Text): void;
    lua_rawgeti(L: LuaState, index: number, n: number): number;
    lua_rawset(L: LuaState, index: number): void;
    lua_rawseti(L: LuaState, index: number, n: number): void;
    lua_setfield(L: LuaState, index: number, name: Text): void;
    lua_setglobal(L: LuaState, name: Text): void;
    lua_setmetatable(L: LuaState, index: number): void;
    lua_settop(L: LuaState, index: number): void;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tolstring(L: LuaState, index: number): Uint8Array;
    lua_tonumber(L: LuaState, index: number): number;
    lua_touserdata(L: LuaState, index: number): unknown;
    lua_type(L: LuaState, index: number): number;
  };
  const lauxlib: {
    luaL_checkany(L: LuaState, arg: number): void;
    luaL_checknumber(L: LuaState, arg: number): number;
    luaL_checkstack(L: LuaState, slots: number, message: Text): void;
    luaL_loadbuffer(L: LuaState, chunk: Uint8Array, size: number, name: Text): number;
    luaL_newstate(): LuaState;
    luaL_ref(L: LuaState, table: number): number;
    luaL_requiref(L: LuaState, name: Text, open: CFunction, global: boolean): void;
    luaL_unref(L: LuaState, table: number, ref: number): void;
  };
  const lualib: Record<"luaopen_base" | "luaopen_table" | "luaopen_string" | "luaopen_math", CFunction>;

  const fengari: { lua: typeof lua; lauxlib: typeof lauxlib; lualib: typeof lualib };
  export default fengari;
}

declare module "fengari/src/lobject.js" {
  import type { LuaState } from "fengari";
  export interface TValue {
    readonly value: unknown;
    setfltvalue(value: number): void;
    setsvalue(value: unknown): void;
  }
  const lobject: {
    luaO_str2num(text: Uint8Array, into: TValue): number;
    luaO_tostring(L: LuaState, value: TValue): void;
  };
  export default lobject;
}

declare module "fengari/src/lstring.js" {
  import type { LuaState } from "fengari";

  const lstring: { luaS_bless(L: LuaState, text: Uint8Array): unknown };
  export default lstring;
}

declare module "fengari/src/lvm.js" {
  import type { TValue } from "fengari/src/lobject.js";

  const lvm: { tonumber(value: TValue): number | false; tointeger(value: TValue): number | false };
  export default lvm;
}
