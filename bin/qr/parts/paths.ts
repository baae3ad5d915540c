import { resolve } from "node:path";
import type { EnvSource } from "../../../functions/runtime/env.ts";

/** A path as its writer means it: npm runs scripts in the project's folder, wherever it was called. */
export function givenPath(env: EnvSource, path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: calledIn } = env;
  return script === "qr" && calledIn ? resolve(calledIn, path) : resolve(path);
}
