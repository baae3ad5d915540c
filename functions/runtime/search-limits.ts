import { type Env, required } from "./env.ts";
import { fairLimiter, type Limiter, type Limits } from "./fair-limiter.ts";

const limiters = new WeakMap<Env, Limiter>();

/**
 * Searches that wait for their turn, of a tenant and of all. With two of a tenant running, and each bounded to a second,
 * its last one waits for at most 4 s.
 */
const WAITING_PER_TENANT = 8;
const WAITING = 64;

/**
 * Bounds the searches of the process whose environment this is: all endpoints that read much at a time share its places, since
 * they share its connections.
 */
export function searchLimiter(env: Env): Limiter {
  const limiter = limiters.get(env) ?? fairLimiter(searchLimits(Number(required(env, "DATABASE_POOL_SIZE"))));
  limiters.set(env, limiter);
  return limiter;
}

/**
 * How many searches a process takes on. They hold at most half of its connections, so that scans, plain lists and all
 * else always find one; a tenant holds at most half of those, so that another one's search finds a place, too. A pool
 * of one, as a Lambda sandbox has it, runs one search at a time: nothing else runs beside it there.
 *
 * @param poolSize connections of this process
 */
export function searchLimits(poolSize: number): Limits {
  const running = Math.max(1, Math.floor(poolSize / 2));
  return {
    running,
    runningPerTenant: Math.max(1, Math.floor(running / 2)),
    waiting: WAITING,
    waitingPerTenant: WAITING_PER_TENANT,
  };
}
