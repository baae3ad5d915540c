import { configDefaults, defineConfig } from "vitest/config";
import LongestFirst from "./test/support/longest-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Run by `npm run test:long`.
    exclude: [...configDefaults.exclude, "test/long/**"],
    globalSetup: "test/support/global-setup.ts",
    setupFiles: "test/support/log-output.ts",
    reporters: ["default", "./test/support/summary-reporter.ts"],
    pool: "forks",
    // Many suites wait for deadlines rather than compute: twice as many at a time as the two cores that CI has.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
