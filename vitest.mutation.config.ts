import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import config from "./vitest.config.ts";

/** The suites that test each folder and are quick about it, the quickest first: a test that fails ends the run. */
export const SUITES: Record<string, string[]> = {
  "data/redis/": [
    "test/unit/breaker",
    "test/unit/redis-failures",
    "test/unit/cache-entries",
    "test/unit/read-through",
    "test/unit/late-loop",
    "test/unit/http-post",
    "test/unit/reply-entry",
    "test/unit/upstash-requester",
    "test/integration/link-state-agrees",
    "test/integration/redis-conformance",
    "test/integration/round-trips",
    "test/integration/fences",
    "test/fault/hot-keys",
  ],
  "data/redis/resp": [
    "test/unit/resp-parser",
    "test/unit/redis-failures",
    "test/unit/late-loop",
    "test/property/resp",
    "test/integration/redis-sign-in",
    "test/integration/redis-conformance",
  ],
  "data/redis/heal-counters": [
    "test/unit/cache-entries",
    "test/unit/redis-failures",
    "test/integration/redis-conformance",
    "test/integration/persist-scans",
    "test/contract/list",
  ],
  "data/redis/outbox-stream": ["test/integration/redis-conformance", "test/integration/relay"],
  "data/redis/restored-cache": ["test/integration/relay", "test/fault/restored-redis"],
  "core/": [
    "test/unit/target-url",
    "test/unit/link",
    "test/unit/problem",
    "test/unit/code-fields",
    "test/unit/cursor",
    "test/unit/base-url",
    "test/property/ids-and-urls",
    "test/contract/codes",
    "test/contract/scan",
    "test/contract/input",
  ],
  "functions/http/": [
    "test/unit/if-none-match",
    "test/unit/picture",
    "test/unit/tenancy",
    "test/unit/caller",
    "test/unit/credentials",
    "test/unit/count-values",
    "test/unit/body-text",
    "test/unit/compress",
    "test/unit/code-fields",
    "test/property/tenants",
    "test/unit/problem",
    "test/unit/endpoint",
    "test/contract/codes",
    "test/contract/list",
    "test/contract/scan",
    "test/contract/input",
  ],
  "core/csv/": ["test/property/csv", "test/corpus/csv"],
  "core/scan/scan-cursor": ["test/unit/scan-cursor", "test/integration/export"],
  "core/time-zone": ["test/property/time-zone"],
  "core/auth/": [
    "test/unit/api-key",
    "test/unit/jwt",
    "test/unit/issuer-keys",
    "test/unit/tenancy",
    "test/unit/caller",
    "test/property/tenants",
    "test/fuzz/tokens",
    "test/contract/keys",
  ],
  "core/events/": ["test/unit/event-schema", "test/integration/relay"],
  "data/kafka/": ["test/unit/kafka-config", "test/integration/relay", "test/integration/persist-scans"],
  "functions/runtime/kafka-config": ["test/unit/kafka-config"],
};

/** The suites of a file: those of the longest path that leads to it. */
export function suitesOf(file: string): string[] | undefined {
  const places = Object.keys(SUITES).filter((place) => file.includes(`/${place}`));
  const [nearest] = places.sort((one, other) => other.length - one.length);
  return nearest === undefined ? undefined : SUITES[nearest];
}

/** For a mutant, which Stryker's runner makes known as the file to find related tests of: its folder's suites. */
class SuitesOfMutant extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const [mutated = "", ...others] = this.ctx.config.related ?? [];
    const suites = suitesOf(mutated);
    if (!suites || others.length > 0) return files;
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
