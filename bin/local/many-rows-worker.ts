import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";
import type { Log } from "../../core/telemetry/log.ts";
import type { MetricName, Metrics } from "../../core/telemetry/metrics.ts";
import { createHandler as createBulk } from "../../functions/bulk/endpoint.ts";
import { withMetrics } from "../../functions/http/authenticate.ts";
import type { HttpReply } from "../../functions/http/reply.ts";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";
import { createHandler as createImport } from "../../functions/import/endpoint.ts";
import { routeNamed } from "../../functions/manifest.ts";
import { type Env, required } from "../../functions/runtime/env.ts";
import { createLog } from "../../functions/runtime/log.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { invocation } from "./invocation.ts";

/* The thread that `many-rows-thread.ts` starts: endpoints of many rows, with services of their own. */

/** What the thread is started with. */
export interface ManyRowsSetup {
  /** The checked variables, with the addresses of the servers. */
  env: Env;
  /** Of the issuer of tokens, unless they are fetched from it. */
  publicKeys?: unknown;
}

export type ManyRowsRoute = "import" | "bulk";

/** What the thread is told: a request, or that it is to end. */
export type ManyRowsOrder = { id: number; name: ManyRowsRoute; event: AuthorizedEvent } | "end";

/** What was counted since the last reply: of an endpoint, or of the thread as a whole. */
export type Counted = readonly [route: ManyRowsRoute | undefined, name: MetricName, value: number];

export interface ManyRowsReply {
  id: number;
  reply: HttpReply;
  counted: Counted[];
}

/** A nice value that lets scans go first where there are fewer processors than threads. */
const NICE = 10;

// On Linux it is a thread's own (setpriority(2), "C library/kernel differences"); elsewhere it would be the whole process's.
if (process.platform === "linux") setPriority(NICE);

const { env, publicKeys } = workerData as ManyRowsSetup;
let counted: Counted[] = [];
const log = createLog(required(env, "LOG_LEVEL"));
const services = await servicesFrom(env, {
  metrics: metricsOf(undefined),
  breakerLog: quiet(log),
  ...(publicKeys ? { issuerKeys: fixedKeys(publicKeys) } : {}),
});
const handlers = {
  import: createImport(withMetrics(services, metricsOf("import"))),
  bulk: createBulk(withMetrics(services, metricsOf("bulk"))),
};

const underWay = new Set<Promise<void>>();

parentPort?.on("message", (order: ManyRowsOrder) => {
  if (order === "end") return void end();
  const answered = answer(order).finally(() => underWay.delete(answered));
  underWay.add(answered);
});

async function answer({ id, name, event }: Exclude<ManyRowsOrder, "end">): Promise<void> {
  const reply = await handlers[name](event, invocation(event.requestContext.requestId, routeNamed(name)));
  const done: ManyRowsReply = { id, reply, counted };
  counted = [];
  parentPort?.postMessage(done);
}

async function end(): Promise<void> {
  await Promise.all(underWay);
  await services.close();
  // Of a thread it ends the thread alone.
  process.exit(0);
}

function metricsOf(route: ManyRowsRoute | undefined): Metrics {
  return { add: (name, value = 1) => void counted.push([route, name, value]), flush() {} };
}

/** The gateway says of the same Redis that it does not answer: once is enough. */
function quiet(log: Log): Log {
  return { ...log, info: log.debug, warn: log.debug };
}
