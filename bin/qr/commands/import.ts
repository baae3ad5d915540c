import { Command, InvalidArgumentError, Option } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { MAX_ROWS } from "../import/chunks.ts";
import { type ImportCommandOptions, runImport } from "../import/run-import.ts";

export function importCommand(env: EnvSource): Command {
  return new Command("import")
    .description(
      "Creates or changes codes by a CSV file of any length. Good rows go in; the others go to a file of failed rows, to be mended and imported. The same command goes on after an interruption, and never does a row twice.",
    )
    .argument("<file>", "CSV in UTF-8 whose first line names the fields: targetUrl, qrId, name, tags, …")
    .addOption(
      new Option("--on-conflict <what>", "what becomes of a row whose qrId you have a code of")
        .choices(["fail", "update", "skip"])
        .default("fail"),
    )
    .option("--dry-run", "checks all rows and changes nothing")
    .option("--atomic", "checks all rows first, and changes nothing if one would fail")
    .option("--failed <file>", "where failed rows go (default: <file>.failed.csv beside it)")
    .option("--results <file>", "writes the line and the ID of each row that went in")
    .option("--chunk-rows <number>", `rows of a call, 1 to ${MAX_ROWS}`, chunkRows, MAX_ROWS)
    .option("--anew", "forgets that the file was imported, or begun")
    .action((file: string, options: ImportCommandOptions) => runImport(env, file, options));
}

function chunkRows(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > MAX_ROWS)
    throw new InvalidArgumentError(`It must be 1 to ${MAX_ROWS}.`);
  return Number(text);
}
