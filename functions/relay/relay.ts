import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "../../core/telemetry/log.ts";
import { warnOncePerMinute } from "../../core/telemetry/repeated-warning.ts";
import type { Publisher } from "../../data/kafka/publisher.ts";
import { keepReplaying } from "../../data/keep-replaying.ts";
import { type Outbox, type OutboxState, openOutbox } from "../../data/outbox.ts";
import { streamLength } from "../../data/redis/outbox-stream.ts";
import { type RelayLease, relayLease } from "../../data/redis/relay-lease.ts";
import { forgetRestored } from "../../data/redis/restored-cache.ts";
import { spill } from "../../data/spill.ts";
import type { Services } from "../runtime/services.ts";
import { batches, MAX_EVENTS } from "./batch.ts";
import { tracedSteps } from "./traced-steps.ts";

/** Between looks into an outbox that was empty, in milliseconds. */
const POLL_MS = 200;

/** Between attempts while something does not work, in milliseconds. */
const RETRY_MS = 1_000;

/** Between looks whether the run before has handed over, in milliseconds. */
const TAKE_OVER_MS = 500;

/** A run that died is followed by another after this time, in milliseconds. */
const LEASE_MS = 10_000;

/** Between looks whether Redis is still the same server, in milliseconds. */
const SAME_SERVER_MS = 10_000;

/** A full outbox is emptied to this part of its bound, so that spilling is not needed with each event. */
const SPILL_TO = 0.5;

export interface RelayOptions {
  /** Events that may wait in the stream while they can't be published. */
  outboxMaxLength: number;
  /** Ends the run, after the batch that is under way. */
  signal: AbortSignal;
  /** Ends the run once nothing has come for this long, in milliseconds. */
  idleMs: number;
  /** How long the lease lasts that a run renews while it works, in milliseconds. */
  leaseMs?: number;
  /**
   * Names the lease, where runs follow one another and none overlaps: one whose predecessor died goes on at once with its
   * lease. Else each run has a name of its own.
   */
  holder?: string | undefined;
}

export interface RelayReport extends OutboxState {
  published: number;
  /** Attempts that failed. Their events stay and are tried again. */
  failures: number;
  spilled: number;
  invalidations: number;
}

/**
 * Publishes what waits in the outbox until it is drained and idle, or the signal fires. An event is deleted only
 * after it was acknowledged: if a run dies in between, it is published again, and its ID identifies the duplicate.
 *
 * Runs may overlap: the one that holds the lease works, the next one waits until it is handed over. A run that goes on
 * without Redis, or after losing its lease, duplicates events at worst: every run publishes the oldest unacknowledged
 * events, so that the first copies of a code's events are in order, whichever run sent them.
 */
export async function runRelay(
  services: Services,
  publisher: Publisher,
  options: RelayOptions,
): Promise<RelayReport> {
  const { redis, db, log, now } = services;
  const outbox = openOutbox(redis, db);
  const counts = { published: 0, failures: 0, spilled: 0, invalidations: 0 };
  const lease = relayLease(redis, options.leaseMs ?? LEASE_MS, undefined, options.holder);
  const relief = async () => {
    counts.spilled += await relieve(services, lease, options.outboxMaxLength);
  };
  let lookAt = 0;
  let idleSince = now();
  let wasFailing = false;
  let seen = 0;
  const ended = new AbortController();
  let replaying: Promise<void> | undefined;
  while (!options.signal.aborted) {
    let pause = 0;
    if ((await lease.hold()) === "another's") {
      idleSince = now();
      await sleep(TAKE_OVER_MS, undefined, { signal: options.signal }).catch(() => {});
      continue;
    }
    try {
      if (now() >= lookAt) {
        await forgetRestored(services);
        lookAt = now() + SAME_SERVER_MS;
      }
      // From now on beside the publishing, which may wait for Kafka.
      replaying ??= keepReplaying(services, AbortSignal.any([ended.signal, options.signal]), (confirmed) => {
        counts.invalidations += confirmed;
      });
      await publishNext(services, outbox, publisher, counts, relief);
      const done = counts.published + counts.invalidations;
      if (done > seen) [idleSince, seen] = [now(), done];
      else if (now() - idleSince >= options.idleMs) break;
      else pause = POLL_MS;
      if (wasFailing) log.info("the relay publishes again");
      wasFailing = false;
    } catch (error) {
      if (!wasFailing)
        log.warn("the relay can't publish; events wait in the outbox", { error: describeError(error) });
      wasFailing = true;
      counts.failures += 1;
      await relief();
      pause = RETRY_MS;
    }
    if (pause === 0) continue;
    const paused = sleep(pause, undefined, { signal: options.signal }).catch(() => {});
    await (wasFailing ? whileRelieving(paused, relief) : paused);
  }
  ended.abort();
  await replaying;
  await lease.release();
  return { ...counts, ...(await outbox.state(now())) };
}

/** Counts what was acknowledged, also if a later batch fails. */
async function publishNext(
  services: Services,
  outbox: Outbox,
  publisher: Publisher,
  counts: { published: number },
  relief: () => Promise<void>,
): Promise<void> {
  for (const batch of batches(await outbox.next(MAX_EVENTS))) {
    const steps = tracedSteps(batch, services.now());
    const sent = publisher.publish(
      batch.map(({ event }) => event),
      steps.traceparents,
    );
    await whileRelieving(sent, relief);
    for (const span of steps.spans) services.traces.record({ ...span, endMs: services.now() });
    counts.published += batch.length;
    await outbox.remove(batch);
  }
}

/**
 * Waits for `work` and relieves the stream in the meantime: an attempt to publish takes many seconds while Kafka
 * hangs. Never while the outbox is read, where an event on its way from the stream to the table would be seen in
 * neither, and be overtaken.
 */
async function whileRelieving(work: Promise<void>, relief: () => Promise<void>): Promise<void> {
  const settled = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([settled, sleep(POLL_MS, false, { ref: false })]))) await relief();
  return work;
}

/**
 * Keeps the stream within its bound while nothing can be published. Without the lease it moves nothing, since another run
 * may be reading. Renews the lease, also while an attempt to publish takes long.
 */
async function relieve({ redis, db, log }: Services, lease: RelayLease, maxLength: number): Promise<number> {
  if ((await lease.hold()) !== "ours") return 0;
  try {
    if ((await streamLength(redis)) < maxLength) return 0;
    return await spill(redis, db, Math.floor(maxLength * SPILL_TO));
  } catch (error) {
    warnOncePerMinute(log, "the outbox can't be spilled to the database", error);
    return 0;
  }
}
