import { Command } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { addCodeArguments, type ChangeOptions, changeCodes } from "../bulk/change-codes.ts";

const WORDS = { done: "restored", wouldBe: "would be restored", undone: "not deleted" };

export function restoreCommand(env: EnvSource): Command {
  const command = new Command("restore").description("Brings deleted codes back as they were.");
  return addCodeArguments(command).action((qrIds: string[], options: ChangeOptions) =>
    changeCodes(env, qrIds, options, { restore: true }, WORDS),
  );
}
