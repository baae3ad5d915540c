import fengari, { type LuaState } from "fengari";
import { CommandError, type Result, Status } from "../reply.ts";

const { lua, lauxlib } = fengari;

/** Pushes a byte string. */
export function pushText(L: LuaState, bytes: string): void {
  lua.lua_pushstring(L, Buffer.from(bytes, "latin1"));
}

/** The byte string at an index. A number there is converted in place. */
export function textAt(L: LuaState, index: number): string {
  const bytes = lua.lua_tolstring(L, index);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** Pushes a table with one field: the shape of status and error replies. */
export function pushRecord(L: LuaState, field: "ok" | "err", bytes: string): void {
  lua.lua_createtable(L, 0, 1);
  pushText(L, bytes);
  lua.lua_setfield(L, -2, field);
}

/** Pushes a list of results. */
export function pushList(L: LuaState, list: Result[]): void {
  lua.lua_createtable(L, list.length, 0);
  list.forEach((item, i) => {
    pushResult(L, item);
    lua.lua_rawseti(L, -2, i + 1);
  });
}

/**
 * Pushes what a command answered, converted as Redis documents it: nil becomes `false`.
 *
 * @see https://redis.io/docs/latest/develop/programmability/lua-api/#data-type-conversion
 */
export function pushResult(L: LuaState, result: Result): void {
  lauxlib.luaL_checkstack(L, 3, "reply is nested too deeply");
  if (result === null) lua.lua_pushboolean(L, false);
  else if (typeof result === "number") lua.lua_pushnumber(L, result);
  else if (typeof result === "string") pushText(L, result);
  else if (result instanceof Status) pushRecord(L, "ok", result.text);
  else pushList(L, result);
}

/**
 * Pops what a script returned and converts it as Redis documents it: numbers are truncated, `false` becomes nil,
 * a list ends before its first nil. Throws `CommandError` for a table with the field `err`.
 */
export function popResult(L: LuaState): Result {
  lauxlib.luaL_checkstack(L, 2, "reply is nested too deeply");
  const result = read();
  lua.lua_pop(L, 1);
  return result;

  function read(): Result {
    const type = lua.lua_type(L, -1);
    if (type === lua.LUA_TSTRING) return textAt(L, -1);
    if (type === lua.LUA_TNUMBER) return Math.trunc(lua.lua_tonumber(L, -1));
    if (type === lua.LUA_TBOOLEAN) return lua.lua_toboolean(L, -1) ? 1 : null;
    return type === lua.LUA_TTABLE ? readTable() : null;
  }

  function readTable(): Result {
    const error = fieldAt(L, "err");
    if (error !== undefined) throw new CommandError(error);
    const status = fieldAt(L, "ok");
    return status === undefined ? readList() : new Status(status);
  }

  function readList(): Result[] {
    const list: Result[] = [];
    while (lua.lua_rawgeti(L, -1, list.length + 1) !== lua.LUA_TNIL) list.push(popResult(L));
    lua.lua_pop(L, 1);
    return list;
  }
}

/** The string in a field of the table on top of the stack. */
export function fieldAt(L: LuaState, field: "ok" | "err"): string | undefined {
  const text = lua.lua_getfield(L, -1, field) === lua.LUA_TSTRING ? textAt(L, -1) : undefined;
  lua.lua_pop(L, 1);
  return text;
}

/** Puts a function into the table on top of the stack. */
export function setFunction(L: LuaState, name: string, run: (L: LuaState) => number): void {
  lua.lua_pushcfunction(L, run);
  lua.lua_setfield(L, -2, name);
}
