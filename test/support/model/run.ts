import fc from "fast-check";
import type { Services } from "../../../functions/runtime/services.ts";
import type { NamedRequest } from "./caller.ts";
import { Clients } from "./clients.ts";
import { Clock } from "./clock.ts";
import { type Commands, FIRST } from "./commands.ts";
import { History } from "./history.ts";
import { Names } from "./names.ts";
import { checkQuiescence } from "./quiescence.ts";
import { rowLocks, scheduledServices, stepsOf } from "./scheduled-services.ts";
import { ReplayedTurns, scheduledTurns, type Turns } from "./turns.ts";

/** What came of a run. */
export interface Finished {
  /** What the clients began. */
  requests: NamedRequest[];
  history: History;
  /** The steps in the order in which they were taken. */
  order: string[];
  /** How the model was broken; nothing if it was not. */
  violations: string[];
}

/** Over one database and one Redis. */
const PROCESSES = 2;

/** IDs of runs that share a database never meet. */
let runs = 0;

/** Lets clients carry out commands, in the scheduler's order. */
export function runScheduled(real: Services, commands: Commands, scheduler: fc.Scheduler): Promise<Finished> {
  const order: string[] = [];
  return run(real, scheduledTurns(scheduler, order), order, async (clients, history) => {
    clients.ask(FIRST);
    await scheduler.waitFor(clients.idle());
    await fc.scheduledModelRun(scheduler, () => ({ model: history, real: clients }), commands);
    await scheduler.waitFor(clients.idle());
  });
}

/** Lets clients carry out some of the requests of an earlier run, in the order of that run. */
export function runReplayed(real: Services, requests: NamedRequest[], order: string[]): Promise<Finished> {
  const turns = new ReplayedTurns(order);
  return run(real, turns, order, async (clients) => {
    for (const { id, request } of requests) clients.ask({ ...request, pause: undefined }, id);
    await turns.giveUntil(clients.idle());
  });
}

async function run(
  real: Services,
  turns: Turns,
  order: string[],
  work: (clients: Clients, history: History) => Promise<void>,
): Promise<Finished> {
  await real.redis.command("FLUSHALL");
  runs += 1;
  const history = new History();
  const clock = new Clock();
  const names = new Names(runs);
  const keys = new Map();
  const steps = stepsOf(turns, history);
  const rows = rowLocks();
  const processes = await Promise.all(
    Array.from({ length: PROCESSES }, () => scheduledServices(real, steps, rows, clock.now)),
  );
  const clients = new Clients(
    processes.map((services) => ({ services, names, clock, keys })),
    history,
    turns,
  );
  await work(clients, history);
  const violations = [...clients.violations];
  if (violations.length === 0) {
    violations.push(
      ...(await checkQuiescence({ services: { ...real, now: clock.now }, names, clock, keys }, history)),
    );
  }
  return { requests: clients.begun, history, order, violations };
}
