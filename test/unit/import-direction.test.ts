import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "imports-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the check says of a project that holds these files: the broken rules, by name. */
function brokenRules(name: string, files: Record<string, string>): string[] {
  const project = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  symlinkSync(join(ROOT, "node_modules"), join(project, "node_modules"));
  const report = execFileSync(
    process.execPath,
    [
      join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs"),
      "--config",
      join(ROOT, ".dependency-cruiser.mjs"),
      "--output-type",
      "json",
      ...new Set(Object.keys(files).map((file) => file.split("/")[0] ?? "")),
    ],
    { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const { summary } = JSON.parse(report) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

const EMPTY = "export const nothing = 0;\n";
const importing = (file: string) => `import { nothing } from "${file}";\nexport const used = nothing;\n`;
const importingType = (file: string) => `import type { T } from "${file}";\nexport type U = T;\n`;

describe("the direction of imports", () => {
  const planted: [rule: string, files: Record<string, string>][] = [
    ["core-imports-only-core", { "core/a.ts": importing("../data/b.ts"), "data/b.ts": EMPTY }],
    [
      "data-imports-core",
      {
        "data/a.ts": importingType("../functions/runtime/b.ts"),
        "functions/runtime/b.ts": "export type T = 0;\n",
      },
    ],
    [
      "a-function-imports-no-other-function",
      { "functions/get/a.ts": importing("../patch/b.ts"), "functions/patch/b.ts": EMPTY },
    ],
    [
      "http-and-runtime-import-no-function",
      { "functions/http/a.ts": importing("../patch/b.ts"), "functions/patch/b.ts": EMPTY },
    ],
    [
      "the-manifest-imports-only-scopes",
      { "functions/manifest.ts": importing("../core/b.ts"), "core/b.ts": EMPTY },
    ],
    ["lib-imports-tables", { "lib/a.ts": importing("../data/b.ts"), "data/b.ts": EMPTY }],
    ["bin-imports-no-tests", { "bin/a.ts": importing("../test/b.ts"), "test/b.ts": EMPTY }],
    [
      "the-command-line-speaks-the-api-by-its-client",
      { "bin/qr/a.ts": importing("../../data/b.ts"), "data/b.ts": EMPTY },
    ],
    [
      "core-does-no-io",
      { "core/a.ts": 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n' },
    ],
    [
      "a-scan-loads-only-what-it-uses",
      {
        "functions/scan/index.ts": importing("../../core/b.ts"),
        "core/b.ts": 'import * as z from "zod";\nexport const nothing = z;\n',
      },
    ],
    [
      "no-cycles",
      {
        "core/a.ts": importingType("./b.ts"),
        "core/b.ts": 'import type { U } from "./a.ts";\nexport type T = U;\n',
      },
    ],
    [
      "what-runs-is-no-development-package",
      {
        "package.json": '{ "devDependencies": { "esbuild": "*" } }',
        "bin/local/a.ts": 'import * as esbuild from "esbuild";\nexport const nothing = esbuild;\n',
      },
    ],
    ["everything-resolves", { "core/a.ts": importing("./missing.ts") }],
  ];

  it.each(planted)("%s fails on a planted import", (rule, files) => {
    expect(brokenRules(rule, files)).toContain(rule);
  });

  it("lets imports pass that go the right way", () => {
    expect(
      brokenRules("right", {
        "bin/a.ts": importing("../functions/get/b.ts"),
        "functions/get/b.ts": importing("../http/c.ts"),
        "functions/http/c.ts": importing("../../data/d.ts"),
        "data/d.ts": importing("../core/e.ts"),
        "core/e.ts": EMPTY,
        "lib/f.ts": importing("../functions/manifest.ts"),
        "functions/manifest.ts": EMPTY,
      }),
    ).toEqual([]);
  });
});
