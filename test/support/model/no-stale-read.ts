import fc from "fast-check";
import { maintainPartitions } from "../../../data/postgres/partitions.ts";
import { readEnv } from "../../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../../functions/runtime/services.ts";
import { recordLog } from "../log-recorder.ts";
import { describeRequest } from "./caller.ts";
import { commands } from "./commands.ts";
import { reduce } from "./reduce.ts";
import { type Finished, runScheduled } from "./run.ts";

/** Operations of a run, at most. They are half of it on average. */
const MAX_OPERATIONS = 60;

/** A deadline that passes would be answered from the database, which is not what is looked at here. */
const NEVER_MS = "8000";

/** Opens services over real servers. */
export async function openServices(databaseUrl: string, redisUrl: string): Promise<Services> {
  const env = readEnv(["postgres", "redis", "history"], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    REDIS_TIMEOUT_MS: NEVER_MS,
    DATABASE_TIMEOUT_MS: NEVER_MS,
    // A transaction of each client may be open.
    DATABASE_POOL_SIZE: "8",
  });
  const services = await servicesFrom(env, { log: recordLog() });
  await maintainPartitions(services.db, Date.now(), 1);
  return services;
}

export interface Proof {
  /** That clients carried out. */
  operations: number;
  /** Calls to Redis and to the database, and replies, that the scheduler put in order. */
  steps: number;
}

/**
 * Runs random sequences of operations in random orders of their steps until `operations` were carried out.
 *
 * @param seed repeats what was done with it before
 * @throws Error with the smallest history that was found to break the model
 */
export async function proveNoStaleRead(real: Services, operations: number, seed?: number): Promise<Proof> {
  const proof: Proof = { operations: 0, steps: 0 };
  const started = performance.now();
  let failed: Finished | undefined;

  const property = fc.asyncProperty(commands(MAX_OPERATIONS), fc.scheduler(), async (sequence, scheduler) => {
    if (proof.operations >= operations) return;
    const finished = await runScheduled(real, sequence, scheduler);
    proof.operations += finished.history.operations.length;
    proof.steps += finished.order.length;
    if (finished.violations.length === 0) return;
    failed = finished;
    throw new Error(finished.violations.join("\n"));
  });
  const details = await fc.check(property, {
    // Twice as many as are needed on average; those that come after the last operation do nothing.
    numRuns: Math.ceil((4 * operations) / MAX_OPERATIONS),
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed }),
  });
  if (!details.failed) return proof;
  if (!failed) throw details.errorInstance;
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const smallest = await reduce(real, failed);
  throw new Error(
    [
      `The model was broken after ${proof.operations} operations and ${seconds} s (seed ${details.seed}). In short:`,
      ...smallest.requests.map(({ request }) => `  ${describeRequest(request)}`),
      ...smallest.violations,
      "What happened:",
      String(smallest.history),
    ].join("\n"),
  );
}
