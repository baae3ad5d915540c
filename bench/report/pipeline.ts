import type { Pipeline } from "../benchmarks/pipeline.ts";
import { figure, table } from "../table.ts";

export function pipelineReport({ events, relay, consumer, backlog, sustained }: Pipeline): string {
  const parts = table(
    ["", "events a second", "CPU each, µs"],
    [
      ["relay alone, Redis to Kafka", figure(relay.perSecond), figure(relay.cpuMicros)],
      ["consumer alone, Kafka to Postgres", figure(consumer.perSecond), figure(consumer.cpuMicros)],
      [`both, from a backlog of ${figure(backlog.events)}`, figure(backlog.events / backlog.seconds), "–"],
    ],
  );
  const load = table(
    [
      "scans offered a second",
      "answered",
      "p50, ms",
      "p99, ms",
      "lag, s",
      "longest lag, s",
      "drained after, s",
      "lost",
    ],
    sustained.map((run) => [
      figure(run.offered),
      figure(run.answered),
      figure(run.latency.p50),
      figure(run.latency.p99),
      figure(run.lagMedian),
      figure(run.lagMax),
      figure(run.drained),
      figure(run.lost),
    ]),
  );
  return `${parts}

Each measured over ${figure(events)} events; the backlog took ${figure(backlog.seconds)} s.

${load}

The load generator, the service, Redis, the relay, Kafka, the consumer and Postgres share the machine's cores. Arrivals keep their rate whatever
the service does, and latency counts from when a scan was due.`;
}
