import { createHash } from "node:crypto";
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longer than 15 s on CI's two cores, the longest first. Those that start many processes are set
 * apart by those that mostly wait, or compute in one process: side by side each takes a multiple of its time.
 */
const LONG = [
  "test/integration/start.test.ts",
  "test/fault/failure-matrix.resp.test.ts",
  "test/fault/no-lost-scan.test.ts",
  "test/fault/failure-matrix.upstash.test.ts",
  "test/cdk/transitions.test.ts",
  "test/bundle/assets.test.ts",
  "test/integration/sheets.test.ts",
  "test/contract/tenancy.test.ts",
  "test/integration/bench.test.ts",
  "test/property/capacity.test.ts",
  "test/fault/breaker-latency.test.ts",
  "test/cli/import.test.ts",
  "test/cli/commands.test.ts",
  "test/integration/new-field.test.ts",
  "test/console/for-everybody.test.ts",
  "test/integration/searches.test.ts",
  "test/cdk/options.test.ts",
  "test/integration/new-endpoint.test.ts",
  "test/fault/failure-matrix.postgres.test.ts",
  "test/integration/printed.test.ts",
  "test/integration/invoke.test.ts",
  "test/fault/postgres.test.ts",
  "test/integration/figures-plans.test.ts",
  "test/fault/restored-redis.test.ts",
  "test/property/styles.test.ts",
  "test/cli/bulk.test.ts",
  "test/contract/openapi.test.ts",
  "test/integration/relay.test.ts",
  "test/cli/long-import.test.ts",
  "test/cdk/doctor.test.ts",
  "test/contract/roles.test.ts",
  "test/integration/kafka.test.ts",
  "test/cdk/deploy-docs.test.ts",
  "test/integration/many-rows-thread.test.ts",
  "test/console/designing.test.ts",
  "test/integration/import-many.test.ts",
  "test/fault/failure-matrix.redis-state.test.ts",
  "test/console/large-and-broken.test.ts",
  "test/console/bulk-edits.test.ts",
  "test/console/life-of-a-code.test.ts",
  "test/contract/static-picture.test.ts",
  "test/cdk/console.test.ts",
  "test/integration/linearizability.test.ts",
  // A crowded machine is another outage to it: behind those that crowd it.
  "test/fault/redis-down.test.ts",
];

/**
 * Begins with the long files, so that a run does not end with one of them while a core has nothing to do. By itself the
 * runner goes by what it remembers, which in a clean checkout is nothing, and then by the size of the files.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, sequence } = this.ctx.config;
    // `--sequence.shuffle` stays what it is with the runner's own.
    if (sequence.shuffle) return sortBy(files, ({ moduleId }) => hash(`${sequence.seed} ${moduleId}`));
    const others = await super.sort(files);
    const places = new Map(LONG.map((file, place) => [file, place]));
    return sortBy(others, ({ moduleId }) => places.get(relative(root, moduleId)) ?? LONG.length);
  }
}

function sortBy<T>(values: T[], key: (value: T) => number): T[] {
  return values.toSorted((one, other) => key(one) - key(other));
}

function hash(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE();
}
