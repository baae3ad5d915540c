import { execFile } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../core/auth/scopes.ts";
import { makeFolder } from "../support/temporary-folder.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
let stack: TestStack;
let folder: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  stack = await startTestStack();
  folder = await makeFolder("qr-documents-");
});
afterAll(async () => {
  await stack.close();
  await folder.remove();
});

/** The shell lines of a page that run the command line, without their comments. */
function linesOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .map(([, block = ""]) => block)
    .filter((block) => block.includes("npm run -s qr "))
    .flatMap((block) => block.split("\n"))
    .map((line) => line.replace(/\s+# .*$/, ""))
    .filter((line) => line !== "" && !line.startsWith("export "));
}

/** Runs a page's lines as they stand, but for what npm would start: each with its exit code and what it said. */
async function runLines(file: string): Promise<{ line: string; code: number; said: string }[]> {
  const cwd = join(folder.path, file.replace(/\W/g, "-"));
  mkdirSync(cwd);
  const env = {
    PATH: process.env.PATH ?? "",
    QR_URL: stack.baseUrl,
    QR_TOKEN: await stack.issuer.issue([`tenant_${file.replace(/\W/g, "_")}`], SCOPES),
  };
  const results = [];
  for (const line of linesOf(file)) {
    const command = line.replace("npm run -s qr --", `${process.execPath} ${join(ROOT, "bin/qr/main.ts")}`);
    const {
      code = 0,
      stdout,
      stderr,
    } = await run("sh", ["-c", command], { cwd, env }).then(
      (ended) => ({ code: 0, ...ended }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    results.push({ line, code, said: stdout + stderr });
  }
  return results;
}

describe("the documents' lines of the command line run as printed", { timeout: 120_000 }, () => {
  it("those of the README: import, failures by line, mending, import, export", async () => {
    const results = await runLines("README.md");
    expect(results.map(({ code }) => code)).toEqual([0, 2, 0, 0, 0]);
    const said = results.map(({ said }) => said).join("");
    expect(said).toContain("line 3, targetUrl: must be an absolute http or https URL\n");
    expect(said).toContain("tables.failed.csv: 1 created\n");
    const file = readFileSync(join(folder.path, "README-md", "codes.csv"), "utf8");
    expect(file.match(/Table [12]/g)?.sort()).toEqual(["Table 1", "Table 2"]);
  });

  it("those of its own page", async () => {
    const results = await runLines("docs/command-line.md");
    expect(results.length).toBeGreaterThan(10);
    const failed = results.filter(({ code }) => code !== 0);
    // Each import of the file whose second row is bad.
    expect(failed.map(({ line, code }) => [code, /import tables\.csv/.test(line)])).toEqual(
      Array(3).fill([2, true]),
    );
  });
});
