import { afterAll, beforeAll, inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** By Stryker's runner: the name of the global that the mutated code reports to, and what the run is for. */
    globalNamespace: string;
    mode: "dry-run" | "mutant";
  }
}

type Hits = Record<string, number>;

interface Stryker {
  currentTestId?: string | undefined;
  mutantCoverage?: { perTest: Record<string, Hits> };
}

/*
 * Stryker takes what runs outside of a test for code that runs once, while modules are loaded, and tries such mutants
 * on every test there is. But suites start the service in their hooks. So while it learns which test covers which
 * mutant, a suite's hooks count as a part of each of the suite's tests.
 */
if (inject("mode") === "dry-run") {
  const HOOKS = "hooks";
  const globals = globalThis as unknown as Record<string, Stryker>;
  const stryker = globals[inject("globalNamespace")] as Stryker;
  const tests = new Set<string>();
  let loaded = false;
  let running: string | undefined;

  Object.defineProperty(stryker, "currentTestId", {
    configurable: true,
    get: () => running ?? (loaded ? HOOKS : undefined),
    set(id: string | undefined) {
      running = id;
      if (id !== undefined) tests.add(id);
    },
  });

  beforeAll(() => {
    loaded = true;
  });
  afterAll(() => {
    const perTest = stryker.mutantCoverage?.perTest ?? {};
    for (const id of tests) {
      perTest[id] ??= {};
      for (const [mutant, hits] of Object.entries(perTest[HOOKS] ?? {})) {
        perTest[id][mutant] = (perTest[id][mutant] ?? 0) + hits;
      }
    }
    delete perTest[HOOKS];
    loaded = false;
  });
}
