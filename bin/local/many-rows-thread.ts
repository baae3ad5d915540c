import { Worker } from "node:worker_threads";
import { Unavailable } from "../../core/errors.ts";
import type { HttpReply } from "../../functions/http/reply.ts";
import type { AuthorizedEvent } from "../../functions/http/tenancy.ts";
import { required } from "../../functions/runtime/env.ts";
import type { Handlers } from "./gateway.ts";
import type { ManyRowsOrder, ManyRowsReply, ManyRowsRoute, ManyRowsSetup } from "./many-rows-worker.ts";
import type { Counted } from "./metrics/counted.ts";

/** One runs a transaction; the others are for what comes before and after one. */
const MAX_POOL_SIZE = 4;

/** How long a thread without work is kept, with its memory and its connections, in milliseconds. */
const IDLE_MS = 60_000;

/** How long a request that is under way may hold up the end, in milliseconds. */
const END_DEADLINE_MS = 3_000;

const THREAD = "the thread of imports and bulk changes";

export interface ManyRowsOptions extends ManyRowsSetup {
  /** Where the thread's requests are counted. */
  counted: Pick<Counted, "metrics" | "metricsOf">;
  idleMs?: number;
  /** What the thread runs. */
  file?: URL;
}

export interface ManyRowsThread {
  handlers: Pick<Handlers, ManyRowsRoute>;
  /** Ends the thread, if there is one; a request that is under way is answered with 503 if it takes long. */
  close(): Promise<void>;
}

/**
 * Answers requests of many rows in a thread of their own, of lower priority and with connections of its own: thousands of
 * rows keep a processor busy for a second, and a heap with them makes long pauses. The thread is started with the first
 * request, and again after it was idle or has died; whoever it has left without a reply gets 503.
 */
export function manyRowsThread({
  env,
  publicKeys,
  counted,
  idleMs = IDLE_MS,
  file = new URL("./many-rows-worker.ts", import.meta.url),
}: ManyRowsOptions): ManyRowsThread {
  const poolSize = Math.min(MAX_POOL_SIZE, Number(required(env, "DATABASE_POOL_SIZE")));
  const setup: ManyRowsSetup = { env: { ...env, DATABASE_POOL_SIZE: String(poolSize) }, publicKeys };
  let thread: Thread | undefined;

  const handle = async (name: ManyRowsRoute, event: AuthorizedEvent): Promise<HttpReply> => {
    thread ??= startThread(file, setup, idleMs, (ended) => {
      if (thread === ended) thread = undefined;
    });
    const { reply, counted: figures } = await thread.ask(name, event);
    for (const [route, metric, value] of figures)
      (route ? counted.metricsOf(route) : counted.metrics).add(metric, value);
    return reply;
  };
  return {
    handlers: {
      import: (event) => handle("import", event),
      bulk: (event) => handle("bulk", event),
    },
    close: async () => thread?.end(),
  };
}

interface Thread {
  /** @throws Unavailable if it dies before it has replied */
  ask(name: ManyRowsRoute, event: AuthorizedEvent): Promise<ManyRowsReply>;
  /** Settles once it has ended; never rejects. */
  end(): Promise<void>;
}

/** @param onEnd told as soon as the thread takes no more requests */
function startThread(
  file: URL,
  setup: ManyRowsSetup,
  idleMs: number,
  onEnd: (thread: Thread) => void,
): Thread {
  // Under `node --watch` a thread reports what it imports by messages to its parent, which is this one.
  const { WATCH_REPORT_DEPENDENCIES: _watched, ...env } = process.env;
  const worker = new Worker(file, { workerData: setup, env, execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<ManyRowsReply>>();
  let lastId = 0;
  let idle: NodeJS.Timeout | undefined;
  let cause: unknown;

  worker.on("message", (reply: ManyRowsReply) => {
    waiting.get(reply.id)?.resolve(reply);
    waiting.delete(reply.id);
    if (waiting.size === 0) idle = setTimeout(end, idleMs).unref();
  });
  worker.on("error", (error) => {
    cause = error;
  });
  const ended = new Promise<void>((settle) => {
    worker.once("exit", () => {
      clearTimeout(idle);
      onEnd(thread);
      for (const { reject } of waiting.values()) reject(new Unavailable(THREAD, { cause }));
      settle();
    });
  });

  function tell(order: ManyRowsOrder): void {
    worker.postMessage(order);
  }

  async function end(): Promise<void> {
    onEnd(thread);
    tell("end");
    const timer = setTimeout(() => void worker.terminate(), END_DEADLINE_MS);
    await ended;
    clearTimeout(timer);
  }

  const thread: Thread = {
    ask(name, event) {
      clearTimeout(idle);
      const id = ++lastId;
      const waiter = Promise.withResolvers<ManyRowsReply>();
      waiting.set(id, waiter);
      tell({ id, name, event });
      return waiter.promise;
    },
    end,
  };
  return thread;
}
