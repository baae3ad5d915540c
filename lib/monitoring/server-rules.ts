import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Construct } from "constructs";
import type { Monitored } from "./monitored.ts";
import type { Rule, Rules } from "./rule.ts";
import { aws, type Signals } from "./signals.ts";
import {
  BROKER_DISK_PERCENT,
  CONNECTIONS_PERCENT,
  FREE_MEMORY_PERCENT,
  FREE_STORAGE_PERCENT,
  MIN_CPU_CREDITS,
  VALKEY_MEMORY_PERCENT,
} from "./targets.ts";

const GIB = 1024 ** 3;

/** The servers behind the functions: what is about to run out. */
export function serverRules(scope: Construct, signals: Signals, monitored: Monitored): Rules {
  return {
    ...databaseRules(signals, monitored),
    ...brokerRules(signals, monitored),
    ...valkeyRules(monitored),
    ...natRules(scope, monitored),
  };
}

function databaseRules(signals: Signals, { config }: Monitored): Rules {
  const { database } = config.sizes;
  return {
    "database-connections": {
      metric: signals.database("DatabaseConnections", "Maximum"),
      description: "The database is about to refuse connections.",
      threshold: (database.maxConnections * CONNECTIONS_PERCENT) / 100,
    },
    "database-storage": {
      metric: signals.database("FreeStorageSpace", "Minimum"),
      description: "The volume fills faster than RDS enlarges it, or has reached its bound.",
      threshold: (database.storageGiB * GIB * FREE_STORAGE_PERCENT) / 100,
      below: true,
    },
    "database-memory": {
      metric: signals.database("FreeableMemory", "Minimum"),
      description: "The database has hardly any memory left.",
      threshold: (memoryGiB(database.instance) * GIB * FREE_MEMORY_PERCENT) / 100,
      below: true,
    },
    ...(database.instance.startsWith("t")
      ? {
          "database-credits": {
            metric: signals.database("CPUCreditBalance", "Minimum"),
            description: "The database computes more than its class includes.",
            threshold: MIN_CPU_CREDITS,
            below: true as const,
          },
        }
      : {}),
  };
}

/** Memory of an RDS class: https://aws.amazon.com/rds/instance-types/ */
export function memoryGiB(instance: string): number {
  const [family = "", size = ""] = instance.split(".");
  const doublings = Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? 1);
  const large = family.startsWith("r") ? 16 : 8;
  if (size.endsWith("xlarge")) return large * 2 * doublings;
  return { micro: 1, small: 2, medium: 4 }[size] ?? large;
}

/** Express brokers have no volume to fill. */
function brokerRules(signals: Signals, { config }: Monitored): Rules {
  const { kafka } = config.sizes;
  if (config.events !== "msk" || !kafka.volumeGiB) return {};
  return Object.fromEntries(
    Array.from({ length: kafka.brokers }, (_, index): [string, Rule] => [
      `broker-disk-${index + 1}`,
      {
        metric: signals.broker("KafkaDataLogsDiskUsed", index + 1, "Maximum"),
        description: "A broker's volume is nearly full; at a hundred per cent it stops.",
        threshold: BROKER_DISK_PERCENT,
        runbook: "broker-disk",
      },
    ]),
  );
}

function valkeyRules({ valkeyId }: Monitored): Rules {
  if (valkeyId === undefined) return {};
  return {
    "redis-memory": {
      metric: aws("AWS/ElastiCache", { ReplicationGroupId: valkeyId }, "DatabaseMemoryUsagePercentage", {
        statistic: "Maximum",
      }),
      description: "Valkey is nearly full. What is cached is evicted, but counters and the outbox are not.",
      threshold: VALKEY_MEMORY_PERCENT,
    },
  };
}

function natRules(scope: Construct, { natInstanceParameter, natGatewayIds = [] }: Monitored): Rules {
  const gateways = natGatewayIds.map((id, index): [string, Rule] => [
    `nat-ports-${index + 1}`,
    {
      metric: aws("AWS/NATGateway", { NatGatewayId: id }, "ErrorPortAllocation"),
      description: "A NAT gateway has no ports left for new connections.",
      threshold: 1,
      periods: 2,
      runbook: "nat",
    },
  ]);
  if (natInstanceParameter === undefined) return Object.fromEntries(gateways);
  const instanceId = StringParameter.valueForStringParameter(scope, natInstanceParameter);
  return {
    "nat-failing": {
      metric: aws("AWS/EC2", { InstanceId: instanceId }, "StatusCheckFailed", { statistic: "Maximum" }),
      description: "The NAT instance fails its checks: functions reach neither Upstash nor AWS's APIs.",
      threshold: 1,
      periods: 2,
      runbook: "nat",
    },
  };
}
