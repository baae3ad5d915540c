import type { TestModule } from "vitest/node";

/** What a run of the tests came to, as the runner counts it. */
export interface RunSummary {
  passed: number;
  failed: number;
  /** `file: full name` of each. */
  skipped: string[];
  /** What failed the run and is no test, a line each: a hook, a file that does not load, an error that nobody caught. */
  otherFailures: string[];
}

export function summaryOf(modules: readonly TestModule[], unhandled: readonly unknown[]): RunSummary {
  const summary: RunSummary = { passed: 0, failed: 0, skipped: [], otherFailures: [] };
  for (const module of modules) {
    const file = module.relativeModuleId;
    if (module.errors().length > 0) summary.otherFailures.push(`${file}: outside of its tests`);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) summary.otherFailures.push(`${file}: a hook of "${suite.fullName}"`);
    }
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") summary.passed += 1;
      else if (state === "failed") summary.failed += 1;
      else summary.skipped.push(`${file}: ${test.fullName}`);
    }
  }
  for (const error of unhandled)
    summary.otherFailures.push(`an error that nobody caught: ${messageOf(error)}`);
  return summary;
}

function messageOf(error: unknown): string {
  return String((error as { message?: unknown } | null)?.message ?? error).split("\n", 1)[0] ?? "";
}
