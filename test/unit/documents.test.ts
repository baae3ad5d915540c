import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { withEndpoints } from "../../bin/openapi/api-page.ts";
import { routes } from "../../functions/manifest.ts";
import { VARIABLES, type VariableName } from "../../functions/runtime/env.ts";
import { VARIABLE_MEANINGS } from "../../functions/runtime/variable-meanings.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json"));
const DOCUMENTS = globSync(["*.md", "docs/*.md", ".github/**/*.md"], { cwd: ROOT });

/** Rows of a page's tables whose first cell is code. */
const rowsOf = (file: string) =>
  read(file)
    .split("\n")
    .filter((line) => line.startsWith("| `"));

describe("the tables of the documents", () => {
  const settings = rowsOf("docs/configuration.md");

  it.each(Object.entries(VARIABLES))("give meaning and default of %s", (name, variable) => {
    const fallback =
      "fallback" in variable ? `\`${variable.fallback}\`` : "optional" in variable ? "–" : "required";
    expect(settings).toContain(`| \`${name}\` | ${VARIABLE_MEANINGS[name as VariableName]} | ${fallback} |`);
  });

  it("have no row of a variable that is gone", () => {
    const named = settings.flatMap((row) => /^\| `([A-Z_]+)`/.exec(row)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  const listed = routes.filter(({ methods }) => methods.length > 0);

  it.each(listed.map((route) => [`${route.methods.join("`, `")} ${route.path}`]))("list `%s`", (route) => {
    expect(rowsOf("docs/api.md").some((row) => row.startsWith(`| \`${route}\``))).toBe(true);
  });

  it("list the endpoints and a code's fields as `npm run openapi` writes them", () => {
    expect(withEndpoints(read("docs/api.md"))).toBe(read("docs/api.md"));
  });

  it.each(
    Object.keys({
      ...manifest.dependencies,
      ...manifest.optionalDependencies,
      ...manifest.devDependencies,
    }),
  )("give the reason for the dependency %s", (name) => {
    if (!name.startsWith("@types/")) expect(read("docs/decisions.md")).toContain(`\`${name}\``);
  });
});

describe.each(DOCUMENTS.map((file) => [file]))("%s", (file) => {
  const text = read(file);
  const withoutCode = text.replace(/^```.*?^```/gms, "");

  it("links to files and headings that exist", () => {
    const links = [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const broken = links.filter((target) => !/^https?:/.test(target) && !leadsSomewhere(file, target));
    expect(broken).toEqual([]);
  });

  it("names scripts that exist", () => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
  });

  it("names files and folders that exist", () => {
    const named = [...withoutCode.matchAll(/`((?:bench|bin|core|data|docs|functions|lib|test)\/[\w./-]*)`/g)];
    const missing = named.map(([, path = ""]) => path).filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });
});

/** Whether a relative link's file is there, and in it the heading, by the anchors that GitHub makes. */
function leadsSomewhere(from: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, "")
      .replace(/\s/g, "-"),
  );

describe("the README", () => {
  it("fits two screens", () => {
    expect(read("README.md").split("\n").length).toBeLessThanOrEqual(160);
  });

  it("links to every page", () => {
    const readme = read("README.md");
    const pages = globSync("docs/*.md", { cwd: ROOT });
    expect(pages.filter((page) => !readme.includes(`](${page})`))).toEqual([]);
  });
});
