import { relative } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";
import { checkLogs } from "./log-collection.ts";
import { findMissing } from "./requirements.ts";
import { summaryOf } from "./run-summary.ts";

/** Has every line written that the service can write: a run with it that collects none has lost them. */
const WRITES_EVERY_LINE = "test/fuzz/log-lines.test.ts";

/**
 * Closes a run: what the service's log gave away, what could not be had and what was skipped for it, and then
 * `N passed, N failed`. These are the runner's numbers of tests. What fails a run and is no test is named in a line of
 * its own and added to `failed`, so that such a run never closes with `0 failed`: a hook, an error that nobody caught,
 * the check of the log, and in CI, where everything has to run, a skipped test.
 */
export default class SummaryReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): Promise<void> {
    const { passed, failed, skipped, otherFailures } = summaryOf(modules, unhandled);
    const leak = this.#checkLogs(modules);
    if (leak) otherFailures.push(leak);
    if (skipped.length > 0) await this.#reportSkipped(skipped);
    if (process.env.CI) otherFailures.push(...skipped.map((name) => `skipped in CI: ${name}`));
    if (otherFailures.length > 0) {
      process.exitCode = 1;
      console.log(`${failed} failed tests, and failures that are no tests: ${otherFailures.length}`);
      for (const failure of otherFailures) console.log(`  ${failure}`);
    }
    console.log(`${passed} passed, ${failed + otherFailures.length} failed`);
  }

  protected findMissing(): Promise<[what: string, reason: string][]> {
    return findMissing();
  }

  /** Says what is wrong if a line of the log holds a secret, or if the lines were lost. */
  #checkLogs(modules: readonly TestModule[]): string | undefined {
    const folder = this.#vitest?.getRootProject().getProvidedContext().logFolder;
    const { lines, leaks } = folder ? checkLogs(folder) : { lines: 0, leaks: [] };
    if (lines === 0) {
      const lost = modules.some(({ relativeModuleId }) => relativeModuleId === WRITES_EVERY_LINE);
      return lost ? "the check of the log: no line of it was collected" : undefined;
    }
    console.log(`${lines} lines of the service's log, ${leaks.length} with a secret`);
    for (const { kinds, suite, line } of leaks) {
      console.log(`  ${kinds.join(", ")} (${relative(process.cwd(), suite)}): ${line}`);
    }
    return leaks.length > 0 ? `the check of the log: ${leaks.length} lines with a secret` : undefined;
  }

  async #reportSkipped(skipped: string[]): Promise<void> {
    console.log(`${skipped.length} tests skipped:`);
    const modules = Map.groupBy(skipped, (name) => name.split(":")[0]);
    for (const [module, names] of modules) console.log(`  ${module}: ${names.length}`);
    for (const [what, reason] of await this.findMissing()) console.log(`  reason: ${what}: ${reason}`);
  }
}
