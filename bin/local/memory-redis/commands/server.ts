import { Status, syntaxError } from "../reply.ts";
import { type CommandTable, command } from "./command.ts";

export const serverCommands: CommandTable = {
  PING: command(0, 1, (_store, message?: string) => message ?? new Status("PONG")),
  TIME: command(0, 0, ({ now }) => [
    String(Math.floor(now / 1_000)),
    String(Math.floor((now % 1_000) * 1_000)),
  ]),
  DBSIZE: command(0, 0, (store) => store.sweep()),
  FLUSHALL: command(0, 1, (store, mode = "SYNC") => {
    if (!["SYNC", "ASYNC"].includes(mode.toUpperCase())) throw syntaxError();
    store.clear();
    return Status.OK;
  }),
};
