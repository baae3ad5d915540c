import { Command } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { eachCode } from "../parts/each-code.ts";

export function deleteCommand(env: EnvSource): Command {
  return new Command("delete")
    .description(
      "Deletes codes. What is printed then leads to the fallback, or says that it is gone; `restore` undoes it.",
    )
    .argument("<qrId...>", "the codes")
    .action(async (qrIds: string[]) => {
      const client = connect(env);
      await eachCode(qrIds, async (qrId) => {
        await client.delete(qrId);
        return `${qrId}\tdeleted`;
      });
    });
}
