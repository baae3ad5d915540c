import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const SCRIPTS = join(import.meta.dirname, "../../data/redis/scripts");

const INCLUDE = /^-- include ([a-z-]+)$/;

/** A script as the server gets it. */
export interface CompiledScript {
  name: string;
  source: string;
  sha1: string;
  /** The names of its keys and arguments, in order; undefined where their number varies. */
  keys: string[] | undefined;
  args: string[] | undefined;
}

/** Every script of the folder: its includes pasted in, once each, and its comments and indents left out. */
export function compileScripts(folder = SCRIPTS): CompiledScript[] {
  return globSync("*.lua", { cwd: folder })
    .sort()
    .map((file) => {
      const source = `${linesOf(folder, file, new Set()).join("\n")}\n`;
      return {
        name: basename(file, ".lua"),
        source,
        sha1: createHash("sha1").update(source).digest("hex"),
        keys: namesOf(source, "KEYS"),
        args: namesOf(source, "ARGV"),
      };
    });
}

/** The lines of code of a file and of what it includes. @throws Error if an included file does not exist */
function linesOf(folder: string, file: string, included: Set<string>): string[] {
  return readFileSync(join(folder, file), "utf8")
    .split("\n")
    .flatMap((line) => {
      const part = INCLUDE.exec(line)?.[1];
      if (part === undefined) return line.trim() === "" || line.trim().startsWith("--") ? [] : [line.trim()];
      if (included.has(part)) return [];
      included.add(part);
      return linesOf(folder, `includes/${part}.lua`, included);
    });
}

/** The names that a script's first lines give to its keys or arguments: `local a, b = unpack(KEYS)`. */
function namesOf(source: string, table: "KEYS" | "ARGV"): string[] | undefined {
  const [, names] = new RegExp(`^local ([\\w\\s,]+) = unpack\\(${table}\\)$`, "m").exec(source) ?? [];
  return names?.split(",").map((name) => name.trim());
}

/**
 * The TypeScript module that holds the compiled scripts. Where a script names its keys or arguments, the module has a
 * function that puts them in order: one of plain property reads, which costs a scan nothing that can be measured.
 */
export function scriptsModule(scripts: CompiledScript[]): string {
  const constants = scripts.map(
    ({ name, source, sha1, keys, args }) => `
export const ${constantOf(name)} = {
  name: ${JSON.stringify(name)},
  sha1: ${JSON.stringify(sha1)},
${keys ? `  keys: ${inOrder(keys)},\n` : ""}${args ? `  args: ${inOrder(args)},\n` : ""}  source: ${literal(source)},
} as const;
`,
  );
  return `// Compiled from data/redis/scripts by \`npm run scripts\`: change the scripts there.
${constants.join("")}`;
}

function inOrder(names: string[]): string {
  const type = names.map((name) => JSON.stringify(name)).join(" | ");
  return `(by: Record<${type}, string>) => [${names.map((name) => `by.${name}`).join(", ")}]`;
}

const constantOf = (name: string) => name.replaceAll("-", "_").toUpperCase();

const literal = (source: string) => `\`${source.replace(/[\\`]|\$\{/g, "\\$&")}\``;
