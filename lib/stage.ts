import { RemovalPolicy } from "aws-cdk-lib";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";

export type StageName = "mini" | "dev" | "prod";

/** What makes one stage larger, safer and dearer than another. */
export interface Stage {
  network: {
    cidr: string;
    availabilityZones: 2 | 3;
    /** How the private subnets reach the internet, as long as Redis is outside AWS. */
    nat: "instance" | "gateways";
    natInstance: string;
    /** Private ways to AWS's own APIs, which then need no NAT. */
    interfaceEndpoints: boolean;
  };
  database: {
    instance: string;
    storageGiB: number;
    maxStorageGiB: number;
    multiAz: boolean;
    backupDays: number;
    maxConnections: number;
  };
  /** The default of the option of that name. */
  proxy: boolean;
  /** The default of the option of that name. */
  events: "msk" | "direct";
  valkey: { node: string; nodes: number; snapshotDays: number };
  kafka: {
    version: string;
    instance: string;
    brokers: number;
    /** Of each broker. Express brokers store without a volume. */
    volumeGiB?: number;
    /** Consumers that are always there; without them Lambda polls by itself, without its error controls. */
    pollers?: { minimum: number; maximum: number };
    /**
     * The cluster, and what reads from it, outlive their stack. Where the stack may come and go with the option
     * `events`, they must not: what is kept keeps its name, which the next one needs.
     */
    keep: boolean;
  };
  relay: {
    /** An outbox that is drained is watched for this long before a run ends, in seconds. */
    idleS: number;
    memoryMb: number;
  };
  /** Requests a second that a route takes, and at once; more get 429. */
  throttle: Record<"scan" | "other", { rate: number; burst: number }>;
  logDays: number;
  /** Of cached lists, codes and links, in seconds. Longer ones take more memory and spare the database more. */
  lifetimes: Record<"list" | "code" | "link", number>;
  /** Whether each endpoint has a throttling alarm, or only the scan. */
  alarmPerFunction: boolean;
  /** Whole months for which single scans are kept. */
  retentionMonths: number;
  /** Whole months for which the changes of codes are kept. */
  historyMonths: number;
  /** Data, and whatever is needed to reach it, outlives its stack: a mistyped command can't delete it. */
  protect: boolean;
}

/** How long logs are kept. The enumeration's values are days. */
export function retentionOf(stage: Stage): RetentionDays {
  return stage.logDays;
}

/**
 * What becomes of something whose loss would hurt when its stack goes, or when a change would replace it. Only what a
 * failed first deploy has made goes with it: the next attempt needs its name.
 */
export function removalOf(stage: Stage): RemovalPolicy {
  return stage.protect ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}

/** The same for Kafka and what reads from it. */
export function eventsRemovalOf(stage: Stage): RemovalPolicy {
  return stage.kafka.keep ? removalOf(stage) : RemovalPolicy.DESTROY;
}
