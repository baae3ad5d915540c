import { Stack, type StackProps } from "aws-cdk-lib";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { type ApplicationRole, triggerNamed } from "../../functions/manifest.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Backends, DatabaseAccess } from "../compute/backends.ts";
import { runAtDeploy } from "../compute/deploy-time.ts";
import { ServiceFunction, serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import { removalOf } from "../stage.ts";
import { Database } from "./database.ts";
import { RoleSecrets } from "./role-secrets.ts";

interface DataStackProps extends StackProps {
  config: Config;
  network: NetworkStack;
}

/** Postgres and the secrets; the schema is up to date before any other stack changes. */
export class DataStack extends Stack {
  readonly database: Database;
  readonly roles: Record<ApplicationRole, ISecret>;
  /** Past any proxy. */
  readonly access: DatabaseAccess;
  readonly visitorKey: ISecret;
  /** Made by its owner before the first deploy, so that the token passes through no template, parameter or history. */
  readonly upstash: ISecret;
  readonly functions: ServiceFunction[];

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { config } = props;
    const { vpc, firewall } = props.network;
    this.database = new Database(this, "Database", {
      name: serviceName(config.stage),
      stage: config.sizes,
      vpc,
      firewall,
    });
    this.roles = new RoleSecrets(this, "Roles", config.sizes).secrets;
    this.visitorKey = this.#visitorKey(config);
    this.upstash = Secret.fromSecretNameV2(this, "Upstash", config.upstashSecret);
    const { host, secret } = this.database;
    this.access = { host, direct: host, secrets: { ...this.roles, owner: secret } };
    const { access: database, visitorKey } = this;
    this.functions = [this.#migrate({ config, vpc, firewall, database, visitorKey })];
    // Always exported, whether an option uses it or not: an export that came and went would block the switch back.
    this.exportValue(this.database.instance.instanceIdentifier);
    this.exportValue(this.database.instance.dbInstanceEndpointAddress);
    for (const { secretArn } of [secret, ...Object.values(this.roles)]) this.exportValue(secretArn);
  }

  #visitorKey(config: Config): ISecret {
    const secret = new Secret(this, "VisitorKey", {
      description: "QR service: key of the visitors' pseudonyms",
      generateSecretString: { secretStringTemplate: "{}", generateStringKey: "key", passwordLength: 64 },
      removalPolicy: removalOf(config.sizes),
    });
    acknowledge(secret, {
      SMG4: "A pseudonym is good for one day. A key that changed at any other time would count that day's visitors twice.",
    });
    return secret as ISecret;
  }

  #migrate(backends: Backends): ServiceFunction {
    const line = triggerNamed("migrate");
    const migrate = new ServiceFunction(this, "Migrate", { line, backends });
    runAtDeploy(this, migrate, line, [this.database]);
    return migrate;
  }
}
