import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { stages } from "../stages.ts";
import type { Monitored } from "./monitored.ts";
import type { Rules } from "./rule.ts";
import { CONNECTIONS_PERCENT, FREE_STORAGE_PERCENT, VALKEY_MEMORY_PERCENT } from "./targets.ts";

const GIB = 1024 ** 3;

export function databaseRules({ stage, databaseId, valkeyId }: Monitored): Rules {
  const { database } = stages[stage];
  const rds = (metricName: string, statistic: string) =>
    new Metric({
      namespace: "AWS/RDS",
      metricName,
      dimensionsMap: { DBInstanceIdentifier: databaseId },
      statistic,
      period: Duration.minutes(5),
    });
  return {
    "database-connections": {
      metric: rds("DatabaseConnections", "Maximum"),
      description:
        "The database is about to refuse connections: is Redis failing, so that every scan needs one?",
      threshold: (database.maxConnections * CONNECTIONS_PERCENT) / 100,
    },
    "database-storage": {
      metric: rds("FreeStorageSpace", "Minimum"),
      description: "The volume fills faster than RDS enlarges it, or has reached its bound.",
      threshold: (database.storageGiB * GIB * FREE_STORAGE_PERCENT) / 100,
      below: true,
    },
    ...(valkeyId
      ? {
          "redis-memory": {
            metric: new Metric({
              namespace: "AWS/ElastiCache",
              metricName: "DatabaseMemoryUsagePercentage",
              dimensionsMap: { ReplicationGroupId: valkeyId },
              statistic: "Maximum",
              period: Duration.minutes(5),
            }),
            description:
              "Valkey is nearly full. What is cached is evicted, but counters and the outbox are not.",
            threshold: VALKEY_MEMORY_PERCENT,
          },
        }
      : {}),
  };
}
