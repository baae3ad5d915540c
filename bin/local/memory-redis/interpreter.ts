import type { Command, CommandTable } from "./commands/command.ts";
import { hashCommands } from "./commands/hashes.ts";
import { keyCommands } from "./commands/keys.ts";
import { scriptCommands } from "./commands/scripts.ts";
import { serverCommands } from "./commands/server.ts";
import { streamCommands } from "./commands/streams.ts";
import { stringCommands } from "./commands/strings.ts";
import { LuaEngine } from "./lua/engine.ts";
import { CommandError, type Result } from "./reply.ts";
import type { Store } from "./store.ts";

const dataCommands: CommandTable = {
  ...serverCommands,
  ...keyCommands,
  ...stringCommands,
  ...hashCommands,
  ...streamCommands,
};

/** Commands that leave the store as it is (a script's calls count by themselves). Any other counts as a change. */
const READS = new Set(
  "EVAL EVALSHA SCRIPT PING TIME DBSIZE EXISTS TYPE TTL PTTL SCAN GET MGET HGET HMGET HGETALL XLEN XRANGE".split(
    " ",
  ),
);

export interface Interpreter {
  /** Runs one command at one moment of time. Throws `CommandError` for an error reply. */
  execute(name: string, args: string[]): Result;

  /** Runs a script that is named by its SHA-1, compiling it if it is new. */
  script(sha1: string, source: string, keys: string[], args: string[]): Result;
}

/**
 * Runs commands and scripts on a store. All arguments and results are byte strings.
 *
 * @param onChange called before each command that may change the store
 */
export function interpreter(store: Store, onChange: () => void): Interpreter {
  const lua = new LuaEngine((name, args) => run(dataCommands, name, args));
  const allCommands = { ...dataCommands, ...scriptCommands(lua) };

  return {
    execute(name, args) {
      store.tick();
      return run(allCommands, name, args);
    },
    script(sha1, source, keys, args) {
      store.tick();
      if (!lua.has(sha1)) lua.load(sha1, source);
      return lua.run(sha1, keys, args);
    },
  };

  function run(table: CommandTable, givenName: string, args: string[]): Result {
    const name = givenName.toUpperCase();
    const command: Command | undefined = Object.hasOwn(table, name) ? table[name] : undefined;
    if (command === undefined) throw new CommandError("ERR unknown command");
    if (!READS.has(name)) onChange();
    return command(store, args);
  }
}
