import { Command } from "commander";
import type { BulkSet } from "../../../clients/typescript/src/index.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { addCodeArguments, type ChangeOptions, changeCodes } from "../bulk/change-codes.ts";
import { addFieldOptions, givenFields } from "../parts/field-options.ts";

const WORDS = { done: "changed", wouldBe: "would be changed", undone: "unchanged" };

export function setCommand(env: EnvSource): Command {
  const command = addCodeArguments(new Command("set").description("Changes codes."));
  return addFieldOptions(command, "patch").action(async (qrIds: string[], options: ChangeOptions) => {
    const set = givenFields(options, "patch") as BulkSet;
    if (Object.keys(set).length === 0) command.error("error: name at least one field to change");
    await changeCodes(env, qrIds, options, { set }, WORDS);
  });
}
