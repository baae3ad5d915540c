import { Command } from "commander";
import type { QrCodePatch } from "../../../clients/typescript/src/index.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { eachCode } from "../parts/each-code.ts";
import { addFieldOptions, givenFields } from "../parts/field-options.ts";

export function setCommand(env: EnvSource): Command {
  const command = new Command("set").description("Changes codes.").argument("<qrId...>", "the codes");
  return addFieldOptions(command, "patch").action(
    async (qrIds: string[], options: Record<string, unknown>) => {
      const fields = givenFields(options, "patch") as QrCodePatch;
      if (Object.keys(fields).length === 0) command.error("error: name at least one field to change");
      const client = connect(env);
      await eachCode(qrIds, async (qrId) => {
        const { version } = await client.patch(qrId, fields);
        return `${qrId}\tchanged (version ${version})`;
      });
    },
  );
}
