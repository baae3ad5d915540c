import { setTimeout as sleep } from "node:timers/promises";
import type { QrEvent } from "../../core/events/schema.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";

/** How long a batch waits while the gateway is busy, in milliseconds. */
const REST_MS = 1_000;

/** Events older than this wait no longer: the history never falls further behind for courtesy. In milliseconds. */
const MAX_LAG_MS = 15_000;

/** A backlog of this part of the outbox's bound is worked off, busy or not: a full outbox is spilled, which costs more. */
const FULL_FROM = 0.8;

export interface Yielding {
  /** Events that wait; rejects if nobody can say. */
  backlog(): Promise<number>;
  /** See `OUTBOX_MAX_LENGTH`. */
  outboxMaxLength: number;
  /** Ends every rest. */
  signal: AbortSignal;
  /** Unix ms. */
  now?: () => number;
}

export interface YieldingPublisher extends Publisher {
  /** Says whether the gateway is busy; that it is not ends a rest. */
  setBusy(busy: boolean): void;
}

/**
 * Publishes one batch a second while the gateway is busy, and so leaves it the processors: what a burst leaves behind is
 * worked off after it.
 */
export function yieldingPublisher(publisher: Publisher, options: Yielding): YieldingPublisher {
  const { backlog, outboxMaxLength, signal, now = Date.now } = options;
  let busy = false;
  let rest = new AbortController();

  const isFull = async () => (await backlog().catch(() => 0)) >= FULL_FROM * outboxMaxLength;

  const isLate = ([oldest]: QrEvent[]) =>
    oldest !== undefined && now() - Date.parse(oldest.occurredAt) > MAX_LAG_MS;

  return {
    async publish(events, traceparents) {
      if (busy && !signal.aborted && !isLate(events) && !(await isFull())) {
        rest = new AbortController();
        await sleep(REST_MS, undefined, { signal: AbortSignal.any([rest.signal, signal]) }).catch(() => {});
      }
      await publisher.publish(events, traceparents);
    },
    close: () => publisher.close(),
    setBusy(isBusy) {
      busy = isBusy;
      if (!isBusy) rest.abort();
    },
  };
}
