import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import longRun from "../../vitest.long.config.ts";
import mutationRun, { SUITES, suitesOf } from "../../vitest.mutation.config.ts";

// Its types lie in a comment that is not for the compiler.
const { default: stryker } = (await import("../../stryker.config.mjs" as string)) as {
  default: { mutate: string[]; ignorePatterns: string[] };
};

const ROOT = join(import.meta.dirname, "../..");
const filesOf = (patterns: readonly string[]) => globSync([...patterns], { cwd: ROOT });
const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));

/** A folder that was moved leaves a pattern behind that matches nothing, and what it named is no longer checked. */
describe("whatever names folders names ones that hold something", () => {
  it.each((json("tsconfig.json").include as string[]).map((place) => [place]))(
    "the compiler: %s",
    (place) => {
      expect(filesOf([place.includes("*") ? place : `${place}/**/*.ts`]).length).toBeGreaterThan(0);
    },
  );

  it.each(stryker.mutate.map((pattern) => [pattern]))("mutation testing: %s", (pattern) => {
    expect(filesOf([pattern]).length).toBeGreaterThan(0);
  });

  it("mutation testing finds suites for each file that it mutates", () => {
    const without = filesOf(stryker.mutate).filter((file) => !suitesOf(`/${file}`));
    expect(without).toEqual([]);
  });

  it("mutation testing runs a file's own suite, where it has one", () => {
    const unused = filesOf(stryker.mutate).flatMap((file) => {
      const own = `test/unit/${basename(file, ".ts")}`;
      const runs = suitesOf(`/${file}`)?.includes(own);
      return runs || !existsSync(join(ROOT, `${own}.test.ts`)) ? [] : [`${file}: ${own}`];
    });
    expect(unused).toEqual([]);
  });

  it("mutation testing works on a copy of the project that has all that its suites read", () => {
    const { ignorePatterns } = stryker;
    const named = mutationRun.test?.include?.flatMap((suite) => {
      const text = readFileSync(join(ROOT, suite), "utf8");
      return ignorePatterns
        .filter((place) => text.includes(`../${place}/`))
        .map((place) => `${suite}: ${place}`);
    });
    expect(named).toEqual([]);
  });

  it.each(Object.entries(SUITES))("the suites of %s exist", (_place, suites) => {
    expect(suites.filter((suite) => !existsSync(join(ROOT, `${suite}.test.ts`)))).toEqual([]);
  });

  it("each run of the tests has suites", () => {
    for (const { test } of [longRun, mutationRun]) {
      expect(filesOf(test?.include ?? []).length).toBeGreaterThan(0);
    }
  });

  it("the check of imports looks at every folder of sources that the compiler knows", () => {
    const checked = (json("package.json").scripts.check as string).split(" ");
    const folders = (json("tsconfig.json").include as string[]).filter((place) => !place.includes("*"));
    expect(checked).toEqual(expect.arrayContaining(folders));
  });
});
