import type { IVpc } from "aws-cdk-lib/aws-ec2";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Resource, Trigger } from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import type { Firewall } from "../network/firewall.ts";

/** A line of the tables of routes and triggers, as far as a function's rights and surroundings follow from it. */
export interface FunctionLine {
  name: string;
  uses: readonly Resource[];
  timeoutS: number;
  startedBy?: Trigger["startedBy"];
}

/** A Kafka cluster, with the ARNs of what is in it. */
export interface Cluster {
  clusterArn: string;
  topicArn: string;
  /** Of the consumer group that persists scans. */
  groupArn: string;
}

/** What functions are given. A stack knows as much of it as has been made before it. */
export interface Backends {
  config: Config;
  vpc: IVpc;
  firewall: Firewall;
  /** URLs without a password. `direct` leads past the proxy, where there is one. */
  database: { url: string; direct: string; secret: ISecret };
  redis?: { url: string } | { secret: ISecret };
  visitorKey: ISecret;
  cluster?: Cluster;
  publicUrl?: string;
}

/** Migrations hold a session's lock, and may take longer than the proxy lets a statement run. */
export function bypassesProxy(line: FunctionLine): boolean {
  return line.startedBy === "deploy";
}

/** The secrets that a function reads. */
export function secretsOf(line: FunctionLine, { database, redis, visitorKey }: Backends): ISecret[] {
  return [
    ...(line.uses.includes("postgres") ? [database.secret] : []),
    ...(line.uses.includes("redis") && redis && "secret" in redis ? [redis.secret] : []),
    ...(line.uses.includes("visitors") ? [visitorKey] : []),
  ];
}
