import { readFileSync } from "node:fs";
import { join } from "node:path";

export const PAGE = join(import.meta.dirname, "../../docs/add-a-field-or-endpoint.md");

/** A row of a table of files to touch. */
interface FileToTouch {
  /** As the page has it: `<…>` stands for a name. */
  file: string;
  /** Whether every change of this kind touches it, rather than some. */
  always: boolean;
}

/** The rows of the table below a heading of the page. */
export function filesToTouch(heading: string): FileToTouch[] {
  const [, section = ""] = readFileSync(PAGE, "utf8").split(`\n## ${heading}\n`);
  const [own = ""] = section.split("\n## ");
  return [...own.matchAll(/^\| `([^`]+)` \| (always|if)\b/gm)].map(([, file = "", when]) => ({
    file,
    always: when === "always",
  }));
}

/** Files that were touched and are in no row, and rows whose files were not touched though they always are. */
export function differences(heading: string, touched: string[]): { unnamed: string[]; untouched: string[] } {
  const rows = filesToTouch(heading).map((row) => ({ ...row, pattern: patternOf(row.file) }));
  return {
    unnamed: touched.filter((file) => !rows.some(({ pattern }) => pattern.test(file))),
    untouched: rows
      .filter(({ always, pattern }) => always && !touched.some((file) => pattern.test(file)))
      .map(({ file }) => file),
  };
}

function patternOf(file: string): RegExp {
  const parts = file.split(/<[^>]+>/).map((part) => part.replace(/[.]/g, "\\."));
  return new RegExp(`^${parts.join("[\\w-]+")}$`);
}
