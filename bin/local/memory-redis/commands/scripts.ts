import { createHash } from "node:crypto";
import type { LuaEngine } from "../lua/engine.ts";
import { CommandError, type Result, Status } from "../reply.ts";
import { type CommandTable, command, integer } from "./command.ts";

/** The commands that run scripts, which scripts themselves can't call. */
export function scriptCommands(lua: LuaEngine): CommandTable {
  return {
    EVAL: command(2, Infinity, (_store, source, count, ...rest) => {
      const sha1 = digest(source);
      lua.load(sha1, source);
      return run(sha1, count, rest);
    }),
    EVALSHA: command(2, Infinity, (_store, sha1, count, ...rest) => run(sha1.toLowerCase(), count, rest)),
    SCRIPT: command(1, Infinity, (_store, subcommand, ...args) => script(subcommand.toUpperCase(), args)),
  };

  function run(sha1: string, count: string, rest: string[]): Result {
    const keys = integer(count);
    if (keys < 0) throw new CommandError("ERR Number of keys can't be negative");
    if (keys > rest.length) throw new CommandError("ERR Number of keys can't be greater than number of args");
    return lua.run(sha1, rest.slice(0, keys), rest.slice(keys));
  }

  function script(subcommand: string, args: string[]): Result {
    const [source] = args;
    if (subcommand === "EXISTS" && args.length > 0) {
      return args.map((sha1) => (lua.has(sha1.toLowerCase()) ? 1 : 0));
    }
    if (subcommand === "FLUSH") {
      lua.flush();
      return Status.OK;
    }
    if (subcommand !== "LOAD" || source === undefined || args.length > 1) {
      throw new CommandError("ERR unknown subcommand or wrong number of arguments");
    }
    const sha1 = digest(source);
    lua.load(sha1, source);
    return sha1;
  }
}

const digest = (source: string) => createHash("sha1").update(source, "latin1").digest("hex");
