import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import config from "./vitest.config.ts";

/** The suites that test each folder and are quick about it, the quickest first: a test that fails ends the run. */
const SUITES = {
  cache: [
    "test/unit/breaker",
    "test/unit/redis-failures",
    "test/unit/cache-entries",
    "test/integration/link-state-agrees",
    "test/integration/redis-conformance",
    "test/integration/round-trips",
    "test/integration/fences",
    "test/fault/hot-keys",
  ],
  domain: [
    "test/unit/target-url",
    "test/unit/link",
    "test/unit/problem",
    "test/unit/code-fields",
    "test/property/ids-and-urls",
    "test/contract/codes",
    "test/contract/scan",
    "test/contract/input",
  ],
  http: [
    "test/unit/tenancy",
    "test/unit/problem",
    "test/unit/endpoint",
    "test/contract/codes",
    "test/contract/list",
    "test/contract/scan",
    "test/contract/input",
  ],
  events: ["test/unit/event-schema", "test/unit/kafka-config", "test/integration/relay"],
};

/** For a mutant, which Stryker's runner makes known as the file to find related tests of: its folder's suites. */
class SuitesOfMutant extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [mutated = "", ...others] = this.ctx.config.related ?? [];
    const found = Object.entries(SUITES).find(([folder]) => mutated.includes(`/functions/shared/${folder}/`));
    if (!found || others.length > 0) return files;
    const [, suites] = found;
    return suites.flatMap((suite) => files.filter(({ moduleId }) => moduleId.includes(suite)));
  }
}

/** The tests of the mutation run, see stryker.config.mjs. */
export default defineConfig({
  test: {
    ...config.test,
    include: [...new Set(Object.values(SUITES).flat())].map((suite) => `${suite}.test.ts`),
    runner: "test/mutation/bailing-runner.ts",
    // In place of what `npm test` sets up to look through the log.
    setupFiles: "test/mutation/coverage-of-hooks.ts",
    sequence: { sequencer: SuitesOfMutant },
    reporters: [{}],
    // Each mutant's run has a worker of its own anyway.
    isolate: false,
    // What fails by chance, on a busy machine, finds no mutant.
    retry: 1,
    // A mutant that waits for ever is found by then.
    testTimeout: 10_000,
    hookTimeout: 20_000,
  },
});
