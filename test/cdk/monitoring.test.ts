import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METRICS, METRICS_NAMESPACE } from "../../core/telemetry/metrics.ts";
import { endpoints, triggers } from "../../functions/manifest.ts";
import { stages } from "../../lib/stages.ts";
import { reader, resourcesOf, synthesize } from "./synthesized.ts";

const FUNCTIONS: string[] = [...endpoints, ...triggers].map(({ name }) => name);
const templates = synthesize({ stage: "prod", redis: "valkey" });
const read = reader(templates);
const alarms = resourcesOf(templates, "AWS::CloudWatch::Alarm").map(([, { Properties }]) => Properties);
const namesIn = (options: Record<string, string>): string[] =>
  resourcesOf(synthesize(options), "AWS::CloudWatch::Alarm").map(([, { Properties }]) =>
    Properties.AlarmName.replace(`qr-${options.stage}-`, ""),
  );
const nameOf = ({ AlarmName }: { AlarmName: string }) => AlarmName.replace("qr-prod-", "");

interface Named {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: string }[];
}

/** The single metrics of an alarm, whether it looks at one or computes with several. */
function metricsOf(alarm: Named & { Metrics?: { MetricStat?: { Metric: Named } }[] }): Named[] {
  return alarm.Metrics ? alarm.Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) : [alarm];
}

function dashboardBody(): string {
  const [dashboard] = resourcesOf(templates, "AWS::CloudWatch::Dashboard");
  return read("monitoring", dashboard?.[1].Properties.DashboardBody);
}

describe("alarms", () => {
  it("watch what was asked for", () => {
    const names = alarms.map(nameOf).filter((name) => !name.startsWith("throttled-"));
    expect(names.sort()).toEqual([
      "canary-persisted",
      "canary-scan",
      "consumer-lag",
      "database-connections",
      "database-errors",
      "database-memory",
      "database-storage",
      "dead-letters",
      "failed-batch-lost",
      "failed-batches",
      "hit-rate-get",
      "hit-rate-list",
      "nothing-persisted",
      "outbox-age",
      "persisting-fails",
      "redis-failing",
      "redis-memory",
      "relay-failing",
      "relay-silent",
      "server-errors",
      "slow-api",
      "slow-scans",
    ]);
    const throttled = alarms.map(nameOf).filter((name) => name.startsWith("throttled-"));
    expect(throttled.sort()).toEqual(
      // A deployment fails by itself, and what the schedule starts is missed by alarms of its own.
      [...endpoints.map(({ name }) => name), "persist-scans"].map((name) => `throttled-${name}`).sort(),
    );
  });

  it.each([
    [
      { stage: "dev" },
      ["broker-disk-1", "broker-disk-2", "database-credits", "failed-batches", "nat-failing", "consumer-lag"],
      [],
    ],
    [{ stage: "prod" }, ["nat-ports-1", "nat-ports-2", "nat-ports-3"], ["nat-failing", "database-credits"]],
    [
      { stage: "mini" },
      ["nat-failing", "database-credits", "database-errors", "nothing-persisted", "throttled-scan"],
      ["consumer-lag", "failed-batches", "persisting-fails", "broker-disk-1", "throttled-list"],
    ],
  ])("of %o watch what there is, and nothing else", (options, present, absent) => {
    const found = namesIn(options as Record<string, string>);
    expect(found).toEqual(expect.arrayContaining(present));
    expect(absent.filter((name) => found.includes(name))).toEqual([]);
  });

  it.each([{ stage: "mini" }, { stage: "dev" }, { stage: "prod" }, { stage: "prod", redis: "valkey" }])(
    "of %o each have a section in the runbook, which their description names",
    (options) => {
      const runbook = readFileSync(new URL("../../docs/runbook.md", import.meta.url), "utf8");
      const sections = new Set([...runbook.matchAll(/^## (\S+)$/gm)].map(([, name]) => name));
      for (const [, { Properties }] of resourcesOf(synthesize(options), "AWS::CloudWatch::Alarm")) {
        const [, section] = / Runbook: docs\/runbook\.md#(\S+)$/.exec(Properties.AlarmDescription) ?? [];
        expect(sections, Properties.AlarmName).toContain(section);
      }
    },
  );

  it.each([
    ["prod", "persist-scans"],
    ["mini", "relay"],
  ])(
    "see a total outage of %s without a visitor: the canary's scan is redirected, and persisted by %s",
    (stage, persister) => {
      const found = resourcesOf(synthesize({ stage }), "AWS::CloudWatch::Alarm").filter(([id]) =>
        /canary/.test(id),
      );
      const watched = found.map(([, { Properties }]) => {
        expect(Properties).toMatchObject({
          ComparisonOperator: "LessThanThreshold",
          Threshold: 1,
          EvaluationPeriods: 3,
        });
        const [metric] = Properties.Metrics
          ? Properties.Metrics.map(({ MetricStat }: { MetricStat: { Metric: Named } }) => MetricStat.Metric)
          : [Properties];
        return [
          metric.MetricName,
          metric.Dimensions?.find(({ Name }: { Name: string }) => Name === "function")?.Value,
        ];
      });
      expect(watched.sort()).toEqual([
        ["CanaryPersisted", persister],
        ["CanaryScans", "canary"],
      ]);
    },
  );

  it("see a consumer that stops, at any traffic", () => {
    const lag = alarms.find((candidate) => nameOf(candidate) === "consumer-lag");
    expect(metricsOf(lag)).toMatchObject([{ Namespace: "AWS/Kafka", MetricName: "SumOffsetLag" }]);
    const idle = alarms.find((candidate) => nameOf(candidate) === "nothing-persisted");
    expect(metricsOf(idle).map(({ MetricName }) => MetricName)).toEqual([
      "Scans",
      "Bots",
      "ScansPersisted",
      "ScansDuplicate",
      "DeadLetters",
    ]);
  });

  it("let RDS enlarge the volume, which it does when a tenth is free", () => {
    const alarm = alarms.find((candidate) => nameOf(candidate) === "database-storage");
    expect(alarm.Threshold).toBeLessThan(stages.prod.database.storageGiB * 1024 ** 3 * 0.1);
  });

  it.each(alarms.map((alarm) => [nameOf(alarm), alarm]))(
    "%s is silent on an idle service, and told to one topic",
    (name, alarm) => {
      // The relay and the canary are never idle: they run whatever happens.
      const neverIdle = ["relay-silent", "canary-scan", "canary-persisted"];
      expect(alarm.TreatMissingData).toBe(neverIdle.includes(name) ? "breaching" : "notBreaching");
      expect(read("monitoring", alarm.AlarmActions)).toBe("monitoring/AlarmTopic");
      expect(alarm.AlarmDescription.length).toBeGreaterThan(20);
    },
  );

  it.each(alarms.map((alarm) => [nameOf(alarm), alarm]))(
    "%s takes no more figures than an alarm may",
    (_name, alarm) => {
      expect(metricsOf(alarm).length).toBeLessThanOrEqual(10);
    },
  );

  it.each([
    ["hit-rate-list", 80],
    ["hit-rate-get", 90],
  ])("%s fires below its target, and only if there was traffic", (name, target) => {
    const alarm = alarms.find((candidate) => nameOf(candidate) === name);
    expect(alarm).toMatchObject({ Threshold: target, ComparisonOperator: "LessThanThreshold" });
    const [{ Expression }] = alarm.Metrics.filter((metric: { Expression?: string }) => metric.Expression);
    expect(Expression).toMatch(/^IF\(.+ >= 200, 100 \* .+\)$/);
  });

  it("hear the relay by its runs, not by its work", () => {
    const alarm = alarms.find((candidate) => nameOf(candidate) === "relay-silent");
    expect(alarm).toMatchObject({ Threshold: 1, ComparisonOperator: "LessThanThreshold" });
    const stats = alarm.Metrics.map(({ MetricStat }: { MetricStat: { Stat: string; Metric: Named } }) => [
      MetricStat.Stat,
      MetricStat.Metric.MetricName,
    ]);
    expect(stats).toEqual([["SampleCount", "OutboxDepth"]]);
  });
});

describe("figures", () => {
  it("of the service's own are in the catalogue, under functions that there are", () => {
    const own = alarms.flatMap(metricsOf).filter(({ Namespace }) => Namespace === METRICS_NAMESPACE);
    expect(own.length).toBeGreaterThan(5);
    for (const { MetricName, Dimensions = [] } of own) {
      expect(Object.keys(METRICS)).toContain(MetricName);
      expect(Dimensions.map(({ Name }) => Name).sort()).toEqual(["function", "service"]);
      for (const { Name, Value } of Dimensions)
        expect(Name === "service" ? ["qr-prod"] : FUNCTIONS).toContain(Value);
    }
  });

  it("of the dashboard are too, and each of the catalogue that tells of health is there", () => {
    const body = dashboardBody();
    const own = [
      ...body.matchAll(
        new RegExp(`"${METRICS_NAMESPACE}","(\\w+)","function","([\\w-]+)","service","([\\w-]+)"`, "g"),
      ),
    ];
    for (const [, metric, from, service] of own) {
      expect(Object.keys(METRICS)).toContain(metric);
      expect(FUNCTIONS).toContain(from);
      expect(service).toBe("qr-prod");
    }
    expect(new Set(own.map(([, metric]) => metric))).toEqual(new Set(Object.keys(METRICS)));
    expect(body.split(`"${METRICS_NAMESPACE}"`).length - 1).toBe(own.length);
  });

  it("are dimensioned as the functions' environment says", () => {
    const names = resourcesOf(templates, "AWS::Lambda::Function").flatMap(
      ([, { Properties }]) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME ?? [],
    );
    expect(names).toEqual(Array(FUNCTIONS.length).fill("qr-prod"));
  });

  it("show each target beside its hit rate", () => {
    const body = dashboardBody();
    expect(body).toContain('{"value":80,"label":"target: list"');
    expect(body).toContain('{"value":90,"label":"target: get"');
  });

  it.each([
    "Hit rate",
    "Invalidations per hour",
    "Redis memory",
    "Latency of the API",
    "Outbox: events that wait",
    "Outbox: age of the oldest",
    "Consumer lag",
    "Errors",
    "Concurrency",
    "Database connections",
  ])("include %s", (title) => {
    expect(dashboardBody()).toContain(`"title":"${title}"`);
  });
});
