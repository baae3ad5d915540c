import type { Db } from "../../data/postgres/db.ts";
import { fairLimiter, type Limiter } from "./fair-limiter.ts";
import { searchLimits } from "./search-limits.ts";

const limiters = new WeakMap<Db, Limiter>();

/**
 * How many imports and bulk changes a process takes on: one of both together. Its transaction may last for seconds, and few
 * run at once, so that other tenants' changes would wait for all of them.
 */
export function manyRowsLimiter({ db }: { db: Db }): Limiter {
  const limiter = limiters.get(db) ?? fairLimiter(searchLimits(1));
  limiters.set(db, limiter);
  return limiter;
}
