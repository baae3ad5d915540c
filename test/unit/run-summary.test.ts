import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** The reporter, but for the search for what the machine lacks, which fetches corpora. */
const REPORTER = `
import SummaryReporter from ${JSON.stringify(join(ROOT, "test/support/summary-reporter.ts"))};
export default class extends SummaryReporter {
  findMissing() { return Promise.resolve([["a server", "none on the PATH"]]); }
}
`;
const VITEST = join(ROOT, "node_modules/vitest/vitest.mjs");

const TESTS = `
import { beforeAll, describe, expect, it } from "vitest";
it("passes", () => {});
it("passes at its second attempt", { retry: 1 }, ({ task }) => expect(task.result.retryCount).toBe(1));
it.skip("is skipped", () => {});
`;
const FAILING_TEST = `
it("fails", () => expect(1).toBe(2));
it("fails by what it throws", () => { throw new Error("twice\\nso"); });
`;
const OTHER_FAILURES = `
describe("a suite", () => {
  beforeAll(() => { throw new Error("no server"); });
  it("is not reached", () => {});
});
it("passes, and leaves a rejection behind", () => void Promise.reject(new Error("nobody's")));
`;

interface Run {
  /** What the runner itself counts. */
  counted: { passed: number; failed: number };
  status: number;
  lines: string[];
}

/** Runs these tests in a project of their own. */
async function runTests(text: string, env: Record<string, string> = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "run-summary-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "some.test.ts"), text);
  writeFileSync(join(folder, "reporter.ts"), REPORTER);
  const json = join(folder, "counted.json");
  const args = [
    "run",
    "--root",
    folder,
    "--reporter=json",
    "--reporter=./reporter.ts",
    `--outputFile=${json}`,
  ];
  const ended = promisify(execFile)(process.execPath, [VITEST, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
  });
  // A run that fails is one to look at, too.
  const { stdout, code } = await ended.then(
    ({ stdout }) => ({ stdout, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(json, "utf8"));
  return {
    counted: { passed: numPassedTests, failed: numFailedTests },
    status: code,
    // The runner's own reporter writes such a line when it comes to it.
    lines: stdout
      .trimEnd()
      .split("\n")
      .filter((line) => !line.startsWith("JSON report")),
  };
}

it("a run closes with the tests that the runner counts", async () => {
  const { counted, lines, status } = await runTests(TESTS);
  expect([counted, lines.at(-1), status]).toEqual([{ passed: 2, failed: 0 }, "2 passed, 0 failed", 0]);
});

it("a run in which tests fail closes with as many as the runner counts", async () => {
  const { counted, lines, status } = await runTests(TESTS + FAILING_TEST);
  expect([counted, lines.at(-1), status]).toEqual([{ passed: 2, failed: 2 }, "2 passed, 2 failed", 1]);
});

it("what fails a run and is no test is named, and the run does not close with 0 failed", async () => {
  const { counted, lines, status } = await runTests(TESTS + OTHER_FAILURES);
  expect([counted.failed, status]).toEqual([0, 1]);
  expect(lines.slice(-4)).toEqual([
    "0 failed tests, and failures that are no tests: 2",
    '  some.test.ts: a hook of "a suite"',
    "  an error that nobody caught: nobody's",
    `${counted.passed} passed, 2 failed`,
  ]);
});

it("in CI a skipped test is such a failure", async () => {
  const { lines, status } = await runTests(TESTS, { CI: "true" });
  expect(lines.slice(-3)).toEqual([
    "0 failed tests, and failures that are no tests: 1",
    "  skipped in CI: some.test.ts: is skipped",
    "2 passed, 1 failed",
  ]);
  expect(status).toBe(1);
});
