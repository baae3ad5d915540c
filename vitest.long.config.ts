import { configDefaults, defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** The suites that take too long for every change. */
export default defineConfig({
  test: { ...config.test, include: ["test/long/**/*.test.ts"], exclude: configDefaults.exclude },
});
