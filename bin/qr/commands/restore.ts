import { Command } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { eachCode } from "../parts/each-code.ts";

export function restoreCommand(env: EnvSource): Command {
  return new Command("restore")
    .description("Brings deleted codes back as they were.")
    .argument("<qrId...>", "the codes")
    .action(async (qrIds: string[]) => {
      const client = connect(env);
      await eachCode(qrIds, async (qrId) => {
        await client.restore(qrId);
        return `${qrId}\trestored`;
      });
    });
}
