import type { Resource } from "../manifest.ts";
import { processEnv } from "./env.ts";
import { needsSecrets } from "./secrets.ts";

/**
 * Wires a handler once per Lambda sandbox: at init, or at the first call where it takes a secret, since AWS's extension
 * refuses to read any before the first call has begun. Wiring that failed is tried again at the next call.
 *
 * @throws whatever `create` throws, at init if no secret is needed
 */
export async function wire<A extends unknown[], R>(
  uses: readonly Resource[],
  create: () => Promise<(...args: A) => Promise<R>>,
): Promise<(...args: A) => Promise<R>> {
  if (!needsSecrets(uses, processEnv)) return create();
  let wired: ReturnType<typeof create> | undefined;
  return async (...args) => {
    wired ??= create();
    try {
      await wired;
    } catch (error) {
      wired = undefined;
      throw error;
    }
    return (await wired)(...args);
  };
}
