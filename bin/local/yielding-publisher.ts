import { setTimeout as sleep } from "node:timers/promises";
import type { QrEvent } from "../../core/events/schema.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { MAX_EVENTS } from "../../functions/relay/batch.ts";
import type { Load } from "./load.ts";

/** Between looks whether a batch is to wait longer, in milliseconds. */
const LOOK_MS = 250;

/** How long a batch waits for more events under this load, in milliseconds. A small one costs almost what a full one does. */
const REST_MS = { calm: 0, active: 250, busy: 1_000 } as const satisfies Record<Load, number>;

/** Events older than this wait no longer: the history never falls further behind for courtesy. In milliseconds. */
const MAX_LAG_MS = 15_000;

/** A backlog of this part of the outbox's bound is worked off, busy or not: a full outbox is spilled, which costs more. */
const FULL_FROM = 0.8;

export interface Yielding {
  /** Events that wait, those of the batch among them; rejects if nobody can say. */
  backlog(): Promise<number>;
  /** See `OUTBOX_MAX_LENGTH`. */
  outboxMaxLength: number;
  /** Ends every rest. */
  signal: AbortSignal;
  /** Unix ms. */
  now?: () => number;
}

export interface YieldingPublisher extends Publisher {
  /** Says how much the gateway has to do; that it is less ends a look's wait. */
  setLoad(load: Load): void;
}

/**
 * Leaves the processors to the gateway. While it answers requests without a pause, a batch that is not full waits a moment for
 * more events. While it is busy, a full one waits until it is not: what a burst leaves behind is worked off after it.
 */
export function yieldingPublisher(publisher: Publisher, options: Yielding): YieldingPublisher {
  const { backlog, outboxMaxLength, signal, now = Date.now } = options;
  let load: Load = "calm";
  let look = new AbortController();

  const isLate = ([oldest]: QrEvent[]) =>
    oldest !== undefined && now() - Date.parse(oldest.occurredAt) > MAX_LAG_MS;

  async function mayWait(events: QrEvent[], restedMs: number): Promise<boolean> {
    if (load === "calm" || signal.aborted || isLate(events)) return false;
    const waiting = Math.max(events.length, await backlog().catch(() => 0));
    if (waiting >= FULL_FROM * outboxMaxLength) return false;
    return waiting >= MAX_EVENTS ? load === "busy" : restedMs < REST_MS[load];
  }

  return {
    async publish(events, traceparents) {
      for (let restedMs = 0; await mayWait(events, restedMs); restedMs += LOOK_MS) {
        look = new AbortController();
        await sleep(LOOK_MS, undefined, { signal: AbortSignal.any([look.signal, signal]) }).catch(() => {});
      }
      await publisher.publish(events, traceparents);
    },
    close: () => publisher.close(),
    setLoad(current) {
      const isLess = REST_MS[current] < REST_MS[load];
      load = current;
      if (isLess) look.abort();
    },
  };
}
