import { Busy } from "../../core/errors.ts";

/** At how much of one kind of work a process takes part. Positive whole numbers. */
export interface Limits {
  /** Pieces of work that run at once. */
  running: number;
  /** Those of one tenant. */
  runningPerTenant: number;
  /** Pieces of work that wait for their turn. */
  waiting: number;
  /** Those of one tenant. */
  waitingPerTenant: number;
}

/** Runs `work` when it is its turn; its result and its error pass through. @throws Busy if too much waits already */
export type Limiter = <T>(tenantId: string, work: () => Promise<T>) => Promise<T>;

interface Waiting {
  tenantId: string;
  start(): void;
}

/**
 * Bounds one kind of work in this process. A free slot goes to the tenant with the fewest pieces running, and
 * among those to the one that has waited longest, so that no tenant waits behind another's whole backlog.
 *
 * The work must end by a deadline of its own: nothing here interrupts it.
 */
export function fairLimiter(limits: Limits): Limiter {
  const running = new Map<string, number>();
  const queue: Waiting[] = [];
  let total = 0;

  const runningOf = (tenantId: string) => running.get(tenantId) ?? 0;
  const mayStart = (tenantId: string) =>
    total < limits.running && runningOf(tenantId) < limits.runningPerTenant;

  function begin(tenantId: string): void {
    total++;
    running.set(tenantId, runningOf(tenantId) + 1);
  }

  function end(tenantId: string): void {
    total--;
    const left = runningOf(tenantId) - 1;
    if (left > 0) running.set(tenantId, left);
    else running.delete(tenantId);
    const next = queue
      .filter((waiting) => mayStart(waiting.tenantId))
      .reduce<Waiting | undefined>(
        (best, waiting) => (best && runningOf(best.tenantId) <= runningOf(waiting.tenantId) ? best : waiting),
        undefined,
      );
    if (!next) return;
    queue.splice(queue.indexOf(next), 1);
    begin(next.tenantId);
    next.start();
  }

  /** Resolves once a place is taken. */
  async function turn(tenantId: string): Promise<void> {
    if (mayStart(tenantId)) return begin(tenantId);
    const ofTenant = queue.filter((waiting) => waiting.tenantId === tenantId).length;
    if (queue.length >= limits.waiting || ofTenant >= limits.waitingPerTenant) throw new Busy();
    return new Promise((start) => queue.push({ tenantId, start }));
  }

  return async (tenantId, work) => {
    await turn(tenantId);
    try {
      return await work();
    } finally {
      end(tenantId);
    }
  };
}
