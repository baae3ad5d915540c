import { Command } from "commander";
import type { EnvSource } from "../../functions/runtime/env.ts";
import { createCommand } from "./commands/create.ts";
import { deleteCommand } from "./commands/delete.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { picturesCommand } from "./commands/pictures.ts";
import { restoreCommand } from "./commands/restore.ts";
import { setCommand } from "./commands/set.ts";
import { sheetsCommand } from "./commands/sheets.ts";
import { statsCommand } from "./commands/stats.ts";

const VARIABLES = `
Variables:
  QR_URL    where the service is (default: http://localhost:3002)
  QR_TOKEN  a person's token (JWT) or a machine's API key (qrs_…)
  QR_TENANT which of the token's tenants is meant, if it names several

Exit codes:
  0    everything is done
  1    it failed or did not finish; the last line says how to go on
  2    it finished, but a part of it failed, each with its reason
  130  Ctrl-C; the last line says how to go on`;

/** The command line. Each command reads the variables when it runs, so that `--help` needs none. */
export function createProgram(env: EnvSource): Command {
  const program = new Command("qr")
    .description("Works on a tenant's QR codes by the service's API.")
    .usage("<command> [options]")
    .helpCommand(false)
    .showHelpAfterError("(--help says more)")
    .addHelpText("after", VARIABLES);
  const commands = [
    importCommand,
    exportCommand,
    picturesCommand,
    sheetsCommand,
    statsCommand,
    createCommand,
    setCommand,
    deleteCommand,
    restoreCommand,
  ];
  for (const made of commands) program.addCommand(made(env).showHelpAfterError("(--help says more)"));
  return program;
}
