import { Command, InvalidArgumentError, Option } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect, serviceUrl } from "../parts/connect.ts";
import { EXIT, onInterrupt } from "../parts/exit.ts";
import { addFilterOptions, type FilterOptions, givenFilter } from "../parts/filter-options.ts";
import { givenPath } from "../parts/paths.ts";
import { progressOn } from "../parts/progress.ts";
import { drawAll, drawnText, type PictureFormat } from "../pictures/draw-all.ts";
import { claimFolder } from "../pictures/same-options.ts";

interface Options extends FilterOptions {
  format: PictureFormat;
  out: string;
  option: Record<string, string>;
  atOnce: number;
  anew?: true;
}

export function picturesCommand(env: EnvSource): Command {
  const command = new Command("pictures")
    .description(
      "Draws the pictures of all codes, each into a file named after the code's name and ID, with a manifest.",
    )
    .requiredOption("-o, --out <folder>", "where to; what is there already is not drawn again")
    .addOption(
      new Option("--format <format>", "of the pictures").choices(["svg", "png", "pdf", "eps"]).default("svg"),
    )
    .option(
      "-p, --option <name=value>",
      "of the pictures, as the API has it: width=30mm; may be repeated",
      named,
      {},
    )
    .option("--at-once <number>", "pictures that are drawn at the same time, 1 to 16", upTo16, 4)
    .option("--anew", "draws what is there already, too");
  return addFilterOptions(command).action(async (options: Options) => {
    const { format, out, option: query, atOnce, anew = false } = options;
    const progress = progressOn(process.stderr, "pictures");
    const client = connect(env, progress.say);
    const folder = givenPath(env, out);
    onInterrupt(() => "Interrupted. The same command goes on with what is left.");
    claimFolder(folder, { service: serviceUrl(env), tenant: env.QR_TENANT, format, ...query }, anew);
    const filter = givenFilter(options);
    const drawn = await drawAll(client, { folder, format, query, filter, atOnce, anew }, progress);
    progress.end();
    console.error(drawnText(drawn, out));
    if (drawn.failed > 0) process.exitCode = EXIT.partial;
  });
}

function named(text: string, before: Record<string, string>): Record<string, string> {
  const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("It must be name=value.");
  return { ...before, [name]: value };
}

function upTo16(text: string): number {
  if (!/^([1-9]|1[0-6])$/.test(text)) throw new InvalidArgumentError("It must be 1 to 16.");
  return Number(text);
}
