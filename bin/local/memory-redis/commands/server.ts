import { randomBytes } from "node:crypto";
import { Status, syntaxError } from "../reply.ts";
import { type CommandTable, command } from "./command.ts";

/** Another one in each process: what a snapshot brings back may be older than what the last one held. */
const RUN_ID = randomBytes(20).toString("hex");

export const serverCommands: CommandTable = {
  PING: command(0, 1, (_store, message?: string) => message ?? new Status("PONG")),
  TIME: command(0, 0, ({ now }) => [
    String(Math.floor(now / 1_000)),
    String(Math.floor((now % 1_000) * 1_000)),
  ]),
  INFO: command(0, 1, (_store, section = "server") =>
    section.toLowerCase() === "server" ? `# Server\r\nrun_id:${RUN_ID}\r\n` : "",
  ),
  DBSIZE: command(0, 0, (store) => store.sweep()),
  FLUSHALL: command(0, 1, (store, mode = "SYNC") => {
    if (!["SYNC", "ASYNC"].includes(mode.toUpperCase())) throw syntaxError();
    store.clear();
    return Status.OK;
  }),
};
