import { availableParallelism } from "node:os";
import { Busy } from "../../core/errors.ts";
import type { Db } from "../../data/postgres/db.ts";
import { required } from "../../functions/runtime/env.ts";
import { fairLimiter, type Limits } from "../../functions/runtime/fair-limiter.ts";
import type { Services } from "../../functions/runtime/services.ts";
import { isLoopback } from "./sign-in/trusted.ts";

/** Changes that may wait for their turn. */
const WAITING = 256;

/** Of them, those of one tenant. */
const WAITING_PER_TENANT = WAITING / 2;

/** Two keep Postgres busy while one waits for Redis. */
const MIN_RUNNING = 2;

export interface TransactionLimits extends Limits {
  /** In milliseconds. One that has waited for longer is refused when its turn comes, so that a hung server's queue empties at once. */
  maxWaitMs: number;
}

/**
 * At most half of the connections: the others are left to what reads. Beside a Postgres that shares this machine's processors,
 * as many as there are of these; one that is elsewhere is mostly waited for. One place is left to other tenants, and
 * thereby one processor to scans.
 *
 * @param isElsewhere whether Postgres runs on another machine
 */
export function transactionLimits(
  { env }: Pick<Services, "env">,
  isElsewhere = isOnAnotherMachine(required(env, "DATABASE_URL")),
): TransactionLimits {
  const ofPool = Math.floor(Number(required(env, "DATABASE_POOL_SIZE")) / 2);
  const running = Math.max(MIN_RUNNING, isElsewhere ? ofPool : Math.min(availableParallelism(), ofPool));
  return {
    running,
    runningPerTenant: running - 1,
    waiting: WAITING,
    waitingPerTenant: WAITING_PER_TENANT,
    maxWaitMs: Number(required(env, "DATABASE_TIMEOUT_MS")),
  };
}

/** A URL without a host names a socket of this machine. */
function isOnAnotherMachine(databaseUrl: string): boolean {
  const host = new URL(databaseUrl).hostname.replace(/^\[(.*)\]$/, "$1");
  return host !== "" && !isLoopback(host);
}

/**
 * Bounds the transactions that run at once: each keeps a Postgres process and this event loop busy at several moments, and
 * scans would wait for all of them. A change that waits costs nothing. A change of thousands of rows names no tenant: one of
 * them runs at once (`manyRowsLimiter`), and its tenant's other changes do not wait for it.
 *
 * @returns services whose transactions reject with `Busy`, before they begin, if too many wait or one has waited too long
 */
export function fewTransactions<T extends Pick<Services, "db">>(
  services: T,
  { maxWaitMs, ...limits }: TransactionLimits,
): T {
  const limiter = fairLimiter(limits);
  const { db } = services;
  const limited = <Result>(tenantId: string, run: () => Promise<Result>): Promise<Result> => {
    const askedAt = performance.now();
    return limiter(tenantId, async () => {
      if (performance.now() - askedAt > maxWaitMs) throw new Busy();
      return run();
    });
  };
  const bounded: Pick<Db, "transaction" | "autocommit"> = {
    transaction: (work, tenantId = "") => limited(tenantId, () => db.transaction(work, tenantId)),
    autocommit: (work, tenantId = "") => limited(tenantId, () => db.autocommit(work, tenantId)),
  };
  return { ...services, db: { ...db, ...bounded } };
}
