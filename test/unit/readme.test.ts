import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { routes } from "../../functions/manifest.ts";
import { VARIABLES } from "../../functions/runtime/env.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Rows of the tables whose first cell is code. */
const rows = readme.split("\n").filter((line) => line.startsWith("| `"));

describe("the README", () => {
  it.each(Object.entries(VARIABLES))("tells meaning and default of %s", (name, variable) => {
    const fallback =
      "fallback" in variable ? `\`${variable.fallback}\`` : "optional" in variable ? "–" : "required";
    expect(rows).toContain(`| \`${name}\` | ${variable.meaning} | ${fallback} |`);
  });

  it("has no row of a variable that is gone", () => {
    const [, configuration = ""] = readme.split("## Configuration");
    const [table = ""] = configuration.split("\n## ");
    const named = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  it.each(routes.map((route) => [`${route.methods.join("`, `")} ${route.path}`]))("lists `%s`", (route) => {
    expect(rows.some((row) => row.startsWith(`| \`${route}\``))).toBe(true);
  });

  it.each(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }))(
    "gives the reason for the dependency %s",
    (name) => {
      if (!name.startsWith("@types/")) expect(readme).toContain(`\`${name}\``);
    },
  );
});
