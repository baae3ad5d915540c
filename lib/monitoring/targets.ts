import { Duration } from "aws-cdk-lib";

/** Fewer requests than this in a period say nothing about the service; the canary speaks for a quiet one. */
export const MIN_REQUESTS = 100;

/** A hit rate moves slowly: codes live half an hour in Redis. */
export const HIT_RATE_PERIOD = Duration.minutes(15);

export const SERVER_ERRORS_PERCENT = 1;

/** Users give up on a request that takes longer than this. Scans have less to do. */
export const P99_MS = { api: 1_500, scan: 800 } as const;

/** Redis calls a minute that may fail before it counts as failing: single ones do, over the internet. */
export const REDIS_FAILURES = 20;

/** The relay runs each minute; five minutes are five of its runs. */
export const OUTBOX_AGE = Duration.minutes(5);

/** Records that a consumer which keeps up never leaves for long: ten seconds of 5,000 scans each. */
export const MAX_LAG = 50_000;

/** Of what the database takes, in per cent. */
export const CONNECTIONS_PERCENT = 80;

/** Of the first volume, in per cent, that has to be free. RDS enlarges it at ten. */
export const FREE_STORAGE_PERCENT = 5;

/** Of the instance's memory, in per cent, that has to be free: below, Postgres is about to swap. */
export const FREE_MEMORY_PERCENT = 5;

/** Credits of a burstable instance: below, it is paid for by the hour of CPU, or slowed down to its baseline. */
export const MIN_CPU_CREDITS = 20;

/** Of a broker's volume, in per cent: at a hundred it stops. */
export const BROKER_DISK_PERCENT = 80;

/** Of Valkey's memory, in per cent: beyond, what is cached is evicted early. */
export const VALKEY_MEMORY_PERCENT = 80;
