import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { IVpc } from "aws-cdk-lib/aws-ec2";
import { InstanceType } from "aws-cdk-lib/aws-ec2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import * as rds from "aws-cdk-lib/aws-rds";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { MAX_DATABASE_TIMEOUT_MS } from "../../functions/runtime/env.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Firewall } from "../network/firewall.ts";
import { DATA } from "../network/service-vpc.ts";
import { removalOf, retentionOf, type Stage } from "../stage.ts";
import { DATABASE_NAME, DATABASE_OWNER } from "./database-url.ts";

interface DatabaseProps {
  name: string;
  stage: Stage;
  vpc: IVpc;
  firewall: Firewall;
}

export const ENGINE = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17 });

/** PostgreSQL 17, encrypted at rest and in transit, whose password RDS itself makes, keeps and rotates. */
export class Database extends Construct {
  readonly instance: rds.DatabaseInstance;
  /** Of the master user. */
  readonly secret: ISecret;
  /** Past any proxy. */
  readonly host: string;

  constructor(scope: Construct, id: string, { name, stage, vpc, firewall }: DatabaseProps) {
    super(scope, id);
    const { database } = stage;
    const log = new LogGroup(this, "Log", {
      logGroupName: `/aws/rds/instance/${name}/postgresql`,
      retention: retentionOf(stage),
      removalPolicy: removalOf(stage),
    });
    this.instance = new rds.DatabaseInstance(this, "Instance", {
      // A change that would replace the instance fails instead, since the name is taken.
      instanceIdentifier: name,
      engine: ENGINE,
      vpc,
      vpcSubnets: { subnetGroupName: DATA },
      securityGroups: [firewall.database],
      instanceType: new InstanceType(database.instance),
      databaseName: DATABASE_NAME,
      credentials: rds.Credentials.fromUsername(DATABASE_OWNER),
      // Every seven days, without a function of ours that would need a way to the database and rights over it.
      manageMasterUserPassword: true,
      parameterGroup: this.#parameters(stage),
      storageType: rds.StorageType.GP3,
      allocatedStorage: database.storageGiB,
      maxAllocatedStorage: database.maxStorageGiB,
      storageEncrypted: true,
      multiAz: database.multiAz,
      backupRetention: Duration.days(database.backupDays),
      copyTagsToSnapshot: true,
      deletionProtection: stage.protect,
      // Even a development stage leaves a last snapshot: it costs cents, and codes may have been printed.
      removalPolicy: stage.protect ? removalOf(stage) : RemovalPolicy.SNAPSHOT,
      cloudwatchLogsExports: ["postgresql"],
      autoMinorVersionUpgrade: true,
      // The longest-lived of the region's authorities; each bundle carries them all.
      caCertificate: rds.CaCertificate.RDS_CA_RSA2048_G1,
    });
    this.instance.node.addDependency(log);
    if (!this.instance.secret) throw new Error("the database has no secret");
    this.secret = this.instance.secret;
    this.host = this.instance.dbInstanceEndpointAddress;
    this.#acknowledge(stage);
  }

  #parameters({ database }: Stage): rds.ParameterGroup {
    return new rds.ParameterGroup(this, "Parameters", {
      engine: ENGINE,
      description: "QR service: TLS only, and as many connections as the alarm knows of",
      parameters: {
        "rds.force_ssl": "1",
        max_connections: String(database.maxConnections),
        log_min_duration_statement: "500",
        // What a session would set for itself, if RDS Proxy let it: no writer commits later than its mark in Redis stands.
        statement_timeout: String(MAX_DATABASE_TIMEOUT_MS),
        idle_in_transaction_session_timeout: String(MAX_DATABASE_TIMEOUT_MS),
      },
    });
  }

  #acknowledge(stage: Stage): void {
    acknowledge(this.instance, {
      RDS11: "Nobody outside the network reaches the port, and inside it the firewall names who may.",
      ...(stage.database.multiAz
        ? {}
        : {
            RDS3: "Half the price: while the database restarts elsewhere, scans of known codes are answered from Redis.",
          }),
      ...(stage.protect
        ? {}
        : { RDS10: "A development stage is meant to be deleted; a last snapshot is kept." }),
    });
  }
}
