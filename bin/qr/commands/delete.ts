import { Command } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { addCodeArguments, type ChangeOptions, changeCodes } from "../bulk/change-codes.ts";

const WORDS = { done: "deleted", wouldBe: "would be deleted", undone: "deleted before" };

export function deleteCommand(env: EnvSource): Command {
  const command = new Command("delete").description(
    "Deletes codes. What is printed then leads to the fallback, or says that it is gone; `restore` undoes it.",
  );
  return addCodeArguments(command).action((qrIds: string[], options: ChangeOptions) =>
    changeCodes(env, qrIds, options, { delete: true }, WORDS),
  );
}
