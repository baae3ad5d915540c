import type { IVpc } from "aws-cdk-lib/aws-ec2";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import {
  type ApplicationRole,
  databaseRoleOf,
  type Resource,
  type Route,
  type Trigger,
} from "../../functions/manifest.ts";
import type { Config } from "../config.ts";
import type { Identity } from "../identity/identity.ts";
import type { Firewall } from "../network/firewall.ts";

/** A line of the tables of routes and triggers, as far as a function's rights and surroundings follow from it. */
export interface FunctionLine {
  name: string;
  uses: readonly Resource[];
  timeoutS: number;
  startedBy?: Trigger["startedBy"];
  scope?: Route["scope"];
}

/** A Kafka cluster, with the ARNs of what is in it. */
export interface Cluster {
  clusterArn: string;
  topicArn: string;
  /** Of the consumer group that persists scans. */
  groupArn: string;
}

/** Where the database answers, and who may sign in. */
export interface DatabaseAccess {
  host: string;
  /** Leads past the proxy, where there is one. */
  direct: string;
  /** Of each user: `username` and `password`. */
  secrets: Record<ApplicationRole | "owner", ISecret>;
}

/** What functions are given. A stack knows as much of it as has been made before it. */
export interface Backends {
  config: Config;
  vpc: IVpc;
  firewall: Firewall;
  database: DatabaseAccess;
  redis?: { url: string } | { secret: ISecret };
  visitorKey: ISecret;
  cluster?: Cluster;
  publicUrl?: string;
  /** Whose tokens are taken. */
  identity?: Identity;
}

/** Migrations hold a session's lock, and may take longer than the proxy lets a statement run. */
export function bypassesProxy(line: FunctionLine): boolean {
  return line.startedBy === "deploy";
}

/** Whom a function signs in as. */
export function userOf({ startedBy, scope }: FunctionLine): ApplicationRole | "owner" {
  return databaseRoleOf(startedBy ? { startedBy } : scope ? { scope } : {});
}

export function roleSecrets({ secrets: { owner: _, ...roles } }: DatabaseAccess): ISecret[] {
  return Object.values(roles);
}

/** The secrets that a function reads. */
export function secretsOf(line: FunctionLine, { database, redis, visitorKey }: Backends): ISecret[] {
  return [
    ...(line.uses.includes("postgres") ? [database.secrets[userOf(line)]] : []),
    ...(line.uses.includes("roles") ? roleSecrets(database) : []),
    ...(line.uses.includes("redis") && redis && "secret" in redis ? [redis.secret] : []),
    ...(line.uses.includes("visitors") ? [visitorKey] : []),
  ];
}
