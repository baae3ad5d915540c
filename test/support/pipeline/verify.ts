import type { QrEvent } from "../../../core/events/schema.ts";
import { utcDate } from "../../../core/utc-date.ts";
import { CacheKeys } from "../../../data/redis/keys.ts";
import type { RedisPort } from "../../../data/redis/port.ts";
import { respRedis } from "../../../data/redis/resp.ts";
import type { TestDatabase } from "../database.ts";
import { type Load, scanNumber } from "./load.ts";
import type { ScanPipeline } from "./scan-pipeline.ts";
import { caughtUp, readTopic, until } from "./topic.ts";

export interface Verdict {
  /** What is wrong, a line each; empty if every count is exact. */
  problems: string[];
  /** All events of the topic, those that were delivered twice included. */
  events: QrEvent[];
}

/**
 * Waits until everything has come through, and then compares every count: the scans that clients made, the events on
 * the topic, the rows, the figures made of them, the counters in Redis.
 */
export async function verifyPipeline(pipeline: ScanPipeline, ...loads: Load[]): Promise<Verdict> {
  const { database } = pipeline.stack;
  const redis = respRedis(pipeline.redis.url, 5_000);
  try {
    await settled(pipeline, redis);
    const events = await readTopic(pipeline.kafka, pipeline.topic);
    const problems = [
      ...loads.flatMap(({ refusals }) => refusals),
      ...(await comparePersisted(database, loads)),
      ...(await compareEvents(database, events)),
      ...(await compareFigures(database)),
      ...(await compareCounters(database, redis)),
    ];
    return { problems, events };
  } finally {
    await redis.close();
  }
}

/** How many events wait, in the stream and in the table. */
export async function waiting(
  redis: RedisPort,
  database: TestDatabase,
): Promise<[stream: number, table: number]> {
  const [row] = await database.sql<{ count: number }>("SELECT count(*)::int FROM event_outbox");
  return [Number(await redis.command("XLEN", CacheKeys.outbox)), row?.count ?? 0];
}

/** Waits until the outbox is empty, the consumer has committed the end of the topic and no counter is left to be raised. */
export async function settled({ stack, kafka, topic, group }: ScanPipeline, redis: RedisPort): Promise<void> {
  let left: number[] = [];
  await until(
    async () => {
      left = await waiting(redis, stack.database);
      return left.every((count) => count === 0);
    },
    () => `${left[0]} events wait in the stream, ${left[1]} in the table`,
  );
  await caughtUp(kafka, topic, group);
  let pending = 0;
  await until(
    async () => {
      const [row] = await stack.database.sql<{ count: number }>("SELECT count(*)::int FROM pending_counters");
      pending = row?.count ?? 0;
      return pending === 0;
    },
    () => `the counters of ${pending} codes were not raised`,
  );
}

/** An answered scan is there exactly once; one that was not answered at most once. */
async function comparePersisted(database: TestDatabase, loads: Load[]): Promise<string[]> {
  const answered = new Set(loads.flatMap((load) => [...load.answered]));
  const unanswered = new Set(loads.flatMap((load) => [...load.unanswered]));
  const rows = await database.sql<{ referrer_host: string | null; count: number }>(
    "SELECT referrer_host, count(*)::int FROM scan_events GROUP BY 1",
  );
  const persisted = new Map(rows.map(({ referrer_host, count }) => [scanNumber(referrer_host), count]));
  const dead = await database.sql('SELECT topic, partition, "offset", reason FROM dead_letters');
  return [
    ...listed(
      "answered, but not persisted",
      [...answered].filter((number) => !persisted.has(number)),
    ),
    ...listed(
      "persisted more than once",
      [...persisted].filter(([, count]) => count > 1),
    ),
    ...listed(
      "persisted, but never made",
      [...persisted.keys()].filter((number) => !answered.has(number) && !unanswered.has(number)),
    ),
    ...listed(
      "dead letters",
      dead.map((row) => JSON.stringify(row)),
    ),
  ];
}

async function compareEvents(database: TestDatabase, events: QrEvent[]): Promise<string[]> {
  const rows = await database.sql<{ event_id: string }>("SELECT event_id FROM scan_events");
  const persisted = new Set(rows.map(({ event_id }) => event_id));
  const published = new Set(events.filter(({ type }) => type === "qr.scanned").map(({ eventId }) => eventId));
  return [
    ...listed("on the topic, but not persisted", [...published.difference(persisted)]),
    ...listed("persisted, but not on the topic", [...persisted.difference(published)]),
  ];
}

const FIGURES: Record<string, { kept: string; told: string }> = {
  scan_totals: {
    kept: "SELECT qr_id, scans, bots, last_scanned_at FROM scan_totals",
    told: `SELECT qr_id, count(*) FILTER (WHERE NOT bot), count(*) FILTER (WHERE bot),
        max(occurred_at) FILTER (WHERE NOT bot) FROM scan_events GROUP BY 1`,
  },
  scan_days: {
    kept: "SELECT qr_id, day, scans, bots, unique_visitors FROM scan_days",
    told: `SELECT qr_id, (occurred_at AT TIME ZONE 'UTC')::date, count(*) FILTER (WHERE NOT bot),
        count(*) FILTER (WHERE bot), count(DISTINCT visitor) FILTER (WHERE NOT bot) FROM scan_events GROUP BY 1, 2`,
  },
  scan_visitors: {
    kept: "SELECT qr_id, day, visitor FROM scan_visitors",
    told: `SELECT DISTINCT qr_id, (occurred_at AT TIME ZONE 'UTC')::date, visitor FROM scan_events WHERE NOT bot`,
  },
  scan_dimensions: {
    kept: "SELECT qr_id, day, dimension, value, scans FROM scan_dimensions",
    told: `SELECT qr_id, (occurred_at AT TIME ZONE 'UTC')::date, dimension, value, count(*)
      FROM scan_events, LATERAL (VALUES ('country', country), ('device', device), ('os', os), ('browser', browser),
        ('referrer', referrer_host)) AS named(dimension, value)
      WHERE NOT bot AND value IS NOT NULL GROUP BY 1, 2, 3, 4`,
  },
};

/** The figures that are kept are those that the rows tell. */
async function compareFigures(database: TestDatabase): Promise<string[]> {
  const problems: string[] = [];
  for (const [table, { kept, told }] of Object.entries(FIGURES)) {
    const wrong = await database.sql<{ row: string }>(
      `SELECT 'kept ' || k::text AS row FROM (${kept} EXCEPT ${told}) AS k
       UNION ALL SELECT 'told ' || t::text FROM (${told} EXCEPT ${kept}) AS t ORDER BY 1`,
    );
    problems.push(
      ...listed(
        `${table} differs from scan_events`,
        wrong.map(({ row }) => row),
      ),
    );
  }
  return problems;
}

/**
 * The live counters of codes that exist are the durable totals and those of the current day. Those of a day that has
 * ended in the meantime are not raised any more, and may only be lower.
 */
async function compareCounters(database: TestDatabase, redis: RedisPort): Promise<string[]> {
  const rows = await database.sql<{ qr_id: string; day: string | null; scans: string }>(
    `SELECT qr_id, NULL AS day, scans::text FROM scan_totals JOIN qr_codes USING (qr_id) WHERE deleted_at IS NULL
     UNION ALL
     SELECT qr_id, day::text, scans::text FROM scan_days JOIN qr_codes USING (qr_id) WHERE deleted_at IS NULL`,
  );
  if (rows.length === 0) return ["there are no figures"];
  const keys = rows.map(({ qr_id, day }) =>
    day === null ? CacheKeys.scanCount(qr_id) : CacheKeys.dailyScanCount(qr_id, day),
  );
  const counters = (await redis.command("MGET", ...keys)) as (string | null)[];
  const today = utcDate(Date.now());
  const wrong = rows.flatMap(({ day, scans }, index) => {
    const counter = counters[index] ?? "0";
    const lower = day !== null && day !== today && Number(counter) < Number(scans);
    return counter === scans || lower ? [] : `${keys[index]} is ${counter}, durable ${scans}`;
  });
  return listed("counters differ from the durable figures", wrong);
}

function listed(what: string, items: unknown[]): string[] {
  const shown = items.slice(0, 10).map(String).join("; ");
  return items.length === 0 ? [] : [`${items.length} ${what}: ${shown}${items.length > 10 ? "; …" : ""}`];
}
