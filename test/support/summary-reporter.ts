import { relative } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";
import { checkLogs } from "./log-collection.ts";
import { findMissing } from "./requirements.ts";

/** Has every line written that the service can write: a run with it that collects none has lost them. */
const WRITES_EVERY_LINE = "test/fuzz/log-lines.test.ts";

/**
 * Closes a run: what the service's log gave away, what could not be had and what was skipped for it, and then
 * `N passed, N failed`. The check of the log is one of those tests. In CI, where everything has to run, a skipped test
 * is a failed one.
 */
export default class SummaryReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): Promise<void> {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const suite of module.children.allSuites()) failed += suite.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped") skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
        else failed += 1;
      }
    }
    const discreet = this.#checkLogs(modules);
    if (discreet === true) passed += 1;
    if (discreet === false) {
      failed += 1;
      process.exitCode = 1;
    }
    if (skipped.length > 0) await this.#reportSkipped(skipped);
    if (process.env.CI && skipped.length > 0) {
      failed += skipped.length;
      process.exitCode = 1;
    }
    console.log(`${passed} passed, ${failed} failed`);
  }

  /** Whether no line of the log holds a secret; `undefined` if this run had none to look at. */
  #checkLogs(modules: readonly TestModule[]): boolean | undefined {
    const folder = this.#vitest?.getRootProject().getProvidedContext().logFolder;
    const { lines, leaks } = folder ? checkLogs(folder) : { lines: 0, leaks: [] };
    if (lines === 0) {
      const lost = modules.some(({ relativeModuleId }) => relativeModuleId === WRITES_EVERY_LINE);
      if (lost) console.log("the log was not checked: no line of it was collected");
      return lost ? false : undefined;
    }
    console.log(`${lines} lines of the service's log, ${leaks.length} with a secret`);
    for (const { kinds, suite, line } of leaks) {
      console.log(`  ${kinds.join(", ")} (${relative(process.cwd(), suite)}): ${line}`);
    }
    return leaks.length === 0;
  }

  async #reportSkipped(skipped: string[]): Promise<void> {
    const missing = await findMissing();
    console.log(`${skipped.length} tests skipped:`);
    const modules = Map.groupBy(skipped, (name) => name.split(":")[0]);
    for (const [module, names] of modules) console.log(`  ${module}: ${names.length}`);
    for (const [requirement, reason] of missing) console.log(`  reason: ${requirement}: ${reason}`);
  }
}
