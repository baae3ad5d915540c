import { Command } from "commander";
import type { QrCodeInput } from "../../../clients/typescript/src/index.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { addFieldOptions, givenFields } from "../parts/field-options.ts";

interface Options extends Record<string, unknown> {
  id?: string;
  idempotencyKey?: string;
  json?: true;
}

export function createCommand(env: EnvSource): Command {
  const command = new Command("create")
    .description("Creates a code, and prints its ID and the URL that its picture holds.")
    .argument("<targetUrl>", "where a scan leads")
    .option("--id <qrId>", "an ID of your own; without it the service makes one");
  return addFieldOptions(command, "generate", ["targetUrl"])
    .option("--idempotency-key <key>", "repeating the command with it creates no second code, for 24 hours")
    .option("--json", "prints the code as the API has it")
    .action(async (targetUrl: string, options: Options) => {
      const { id, idempotencyKey, json } = options;
      const input = {
        ...givenFields(options, "generate"),
        targetUrl,
        ...(id ? { qrId: id } : {}),
      } as QrCodeInput;
      const { svg: _svg, ...code } = await connect(env).create(input, idempotencyKey);
      console.log(json ? JSON.stringify(code, null, 2) : `${code.qrId}\t${code.scanUrl}`);
    });
}
