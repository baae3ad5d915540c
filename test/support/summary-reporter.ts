import type { Reporter, TestModule } from "vitest/node";
import { findMissing } from "./requirements.ts";

/**
 * Closes a run: which servers could not be had and what was skipped for it, and then `N passed, N failed`. In CI,
 * where everything has to run, a skipped test is a failed one.
 */
export default class SummaryReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): Promise<void> {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped") skipped.push(`${module.relativeModuleId}: ${test.fullName}`);
        else failed += 1;
      }
    }
    if (skipped.length > 0) await this.#reportSkipped(skipped);
    if (process.env.CI && skipped.length > 0) {
      failed += skipped.length;
      process.exitCode = 1;
    }
    console.log(`${passed} passed, ${failed} failed`);
  }

  async #reportSkipped(skipped: string[]): Promise<void> {
    const missing = await findMissing();
    console.log(`${skipped.length} tests skipped:`);
    const modules = Map.groupBy(skipped, (name) => name.split(":")[0]);
    for (const [module, names] of modules) console.log(`  ${module}: ${names.length}`);
    for (const [requirement, reason] of missing) console.log(`  reason: ${requirement}: ${reason}`);
  }
}
