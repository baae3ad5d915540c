import type { Services } from "../../../functions/runtime/services.ts";
import type { NamedRequest } from "./caller.ts";
import { type Finished, runReplayed } from "./run.ts";

/** How long a smaller failure is looked for, in milliseconds. */
const REDUCE_MS = 20_000;

/**
 * Leaves out requests of a run that broke the model, as long as the rest, in the order that it had, still does. A
 * scheduler can't do this: each choice that it makes depends on all that waits for it.
 */
export async function reduce(real: Services, failed: Finished): Promise<Finished> {
  const until = performance.now() + REDUCE_MS;
  let smallest = failed;

  async function accept(requests: NamedRequest[]): Promise<boolean> {
    if (performance.now() > until) return false;
    const replayed = await runReplayed(real, requests, failed.order);
    if (replayed.violations.length === 0) return false;
    smallest = replayed;
    return true;
  }

  for (let before = Number.POSITIVE_INFINITY; smallest.requests.length < before; ) {
    before = smallest.requests.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let start = 0; start < smallest.requests.length; ) {
        const isLess = await accept(smallest.requests.toSpliced(start, size));
        if (!isLess) start += size;
      }
    }
  }
  return smallest;
}
