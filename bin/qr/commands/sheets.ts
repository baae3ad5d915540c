import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { SheetInput } from "../../../clients/typescript/src/index.ts";
import { CAPTIONS } from "../../../core/sheet/label.ts";
import { SHEETS } from "../../../core/sheet/layouts.ts";
import type { EnvSource } from "../../../functions/runtime/env.ts";
import { connect } from "../parts/connect.ts";
import { Failure, onInterrupt } from "../parts/exit.ts";
import { addFilterOptions, type FilterOptions, givenFilter } from "../parts/filter-options.ts";
import { givenPath } from "../parts/paths.ts";
import { progressOn } from "../parts/progress.ts";
import { wholeFile } from "../parts/whole-file.ts";
import { codePages } from "../pictures/code-pages.ts";
import { codesPerFile, portions } from "../sheets/portions.ts";

interface Options extends FilterOptions {
  out: string;
  layout: string;
  caption: (typeof CAPTIONS)[number];
  copies: number;
  cropMarks?: true;
  perFile?: number;
}

export function sheetsCommand(env: EnvSource): Command {
  const command = new Command("sheets")
    .description(
      "Lays all codes out on sheets of labels, as PDFs of up to 500 codes: labels-001.pdf and so on.",
    )
    .requiredOption("-o, --out <folder>", "where to; files of the same names are replaced")
    .option(
      "--layout <layout>",
      `${Object.keys(SHEETS).join(", ")}, or a JSON file of page, rows, columns, gaps and margins in mm`,
      "a4-3x8",
    )
    .addOption(new Option("--caption <caption>", "of each label").choices(CAPTIONS).default("name"))
    .option("--copies <number>", "labels of each code", positive, 1)
    .option("--crop-marks", "shows where to cut")
    .option("--per-file <number>", "codes of a file; without it as many as fill whole pages", positive);
  return addFilterOptions(command).action(async (options: Options) => {
    const { out, caption, copies, cropMarks = false } = options;
    const progress = progressOn(process.stderr, "codes");
    const client = connect(env, progress.say);
    const sheet = await layoutOf(env, options.layout);
    const perFile = options.perFile ?? codesPerFile(labelsOfPage(sheet), copies);
    onInterrupt(
      () => "Interrupted. The files that are there are whole; the same command writes all of them again.",
    );
    const folder = givenPath(env, out);
    await mkdir(folder, { recursive: true });
    let [files, codes] = [0, 0];
    for await (const ids of portions(codePages(client, givenFilter(options)), perFile)) {
      const pdf = await client.sheet({ ...sheet, ids, caption, copies, cropMarks });
      files += 1;
      const file = await wholeFile(join(folder, `labels-${String(files).padStart(3, "0")}.pdf`));
      await file.write(pdf);
      await file.keep();
      codes += ids.length;
      progress.update(codes);
    }
    progress.end();
    console.error(`${out}: ${codes} codes on ${codes * copies} labels in ${files} files`);
  });
}

/** A sheet that is sold, or that a file describes. What is wrong with its measures the service says. */
async function layoutOf(env: EnvSource, layout: string): Promise<Pick<SheetInput, "layout" | "custom">> {
  if (layout in SHEETS) return { layout: layout as keyof typeof SHEETS };
  try {
    const text = await readFile(givenPath(env, layout), "utf8");
    return { layout: "custom", custom: JSON.parse(text) as NonNullable<SheetInput["custom"]> };
  } catch (error) {
    throw new Failure(`The layout ${layout} can't be read: ${(error as Error).message}`);
  }
}

function labelsOfPage({ layout, custom }: Pick<SheetInput, "layout" | "custom">): number {
  const { rows, columns } = layout === "custom" ? (custom ?? { rows: 1, columns: 1 }) : SHEETS[layout];
  return rows * columns;
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1.");
  return Number(text);
}
