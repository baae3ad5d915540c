import { Command, Option } from "commander";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { onInterrupt } from "../parts/exit.ts";
import { addFilterOptions, type FilterOptions, givenFilter } from "../parts/filter-options.ts";
import { givenPath } from "../parts/paths.ts";
import { numberText, progressOn } from "../parts/progress.ts";
import { wholeFile } from "../parts/whole-file.ts";

interface Options extends FilterOptions {
  output?: string;
  format?: "csv" | "ndjson";
}

export function exportCommand(env: EnvSource): Command {
  const command = new Command("export")
    .description("Writes all codes with their live counts as a CSV file that `import` takes, or as NDJSON.")
    .option("-o, --output <file>", "where to; without it, to standard output")
    .addOption(
      new Option("--format <format>", "without it as the file's name ends, else CSV").choices([
        "csv",
        "ndjson",
      ]),
    );
  return addFilterOptions(command).action(async (options: Options) => {
    const { output } = options;
    const format = options.format ?? (output?.endsWith(".ndjson") ? "ndjson" : "csv");
    const progress = progressOn(process.stderr, "bytes");
    const client = connect(env, progress.say);
    onInterrupt(() => "Interrupted; nothing was written. Run the same command again.");
    const pages = client.export({ format, ...givenFilter(options) });
    if (output === undefined) {
      for await (const page of pages) await new Promise((written) => process.stdout.write(page, written));
      return;
    }
    let bytes = 0;
    const first = await pages.next();
    const file = await wholeFile(givenPath(env, output));
    try {
      for (let page = first; !page.done; page = await pages.next()) {
        await file.write(page.value);
        bytes += page.value.byteLength;
        progress.update(bytes);
      }
    } catch (error) {
      await file.discard();
      throw error;
    }
    await file.keep();
    progress.end();
    console.error(`${output}: ${numberText(bytes)} bytes`);
  });
}
