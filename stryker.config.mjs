/**
 * Mutation testing of the shared core, by `npm run test:mutation`. What survives is explained in
 * `test/mutation/survivors.md`.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  mutate: [
    "core/{*,code/**/*,link/**/*,events/**/*}.ts",
    "data/{redis,kafka}/**/*.ts",
    "functions/http/**/*.ts",
    "functions/runtime/kafka-config.ts",
  ],
  testRunner: "vitest",
  // A thread starts sooner than a process, and each mutant needs a new one.
  vitest: { configFile: "vitest.mutation.config.ts", pool: "threads" },
  coverageAnalysis: "perTest",
  // Vitest takes the types away without looking at them.
  disableTypeChecks: false,
  // None: Stryker would rewrite it by an interface that TypeScript 7 does not have. Here nothing needs rewriting.
  tsconfigFile: "none",
  // What a test reads must not stand here: it would fail in the copy of the project that Stryker works on.
  ignorePatterns: ["cdk.out", ".local", ".vitest", ".corpora"],
  concurrency: 2,
  // Twice what the tests of a mutant take when nothing is mutated, and a margin for a machine that does other work.
  timeoutFactor: 2,
  timeoutMS: 10_000,
  reporters: ["progress-append-only", "clear-text", "html", "json"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // It advises to leave out what runs while modules are loaded, such as schemas and scripts.
  warnings: { slow: false },
  thresholds: { high: 95, low: 85, break: 80 },
};
