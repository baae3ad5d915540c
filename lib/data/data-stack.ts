import { Fn, Stack, type StackProps } from "aws-cdk-lib";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { triggerNamed } from "../../functions/manifest.ts";
import { acknowledge } from "../acknowledge.ts";
import type { Backends } from "../compute/backends.ts";
import { runAtDeploy } from "../compute/deploy-time.ts";
import { ServiceFunction, serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import { PORTS } from "../network/firewall.ts";
import type { NetworkStack } from "../network/network-stack.ts";
import { removalOf } from "../stage.ts";
import { stages } from "../stages.ts";
import { DATABASE_NAME, DATABASE_USER, Database } from "./database.ts";
import { DatabaseProxy } from "./database-proxy.ts";
import { Valkey } from "./valkey.ts";

interface DataStackProps extends StackProps {
  config: Config;
  network: NetworkStack;
}

/** Postgres, Redis and the secrets; the schema is up to date before any other stack changes. */
export class DataStack extends Stack {
  readonly backends: Backends;
  readonly database: Database;
  readonly valkey: Valkey | undefined;
  readonly functions: ServiceFunction[];

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { config, network } = props;
    const { vpc, firewall } = network;
    const stage = stages[config.stage];
    this.database = new Database(this, "Database", { name: serviceName(config.stage), stage, vpc, firewall });
    const direct = urlOf(this.database.instance.dbInstanceEndpointAddress);
    this.valkey = firewall.valkey
      ? new Valkey(this, "Valkey", { stage, vpc, securityGroup: firewall.valkey })
      : undefined;
    this.backends = {
      config,
      vpc,
      firewall,
      database: { url: this.#proxyUrl(network) ?? direct, direct, secret: this.database.secret },
      redis: this.valkey ? { url: this.valkey.url } : { secret: this.#upstashSecret(config) },
      visitorKey: this.#visitorKey(config),
    };
    this.functions = [this.#migrate()];
    // So that the options can be changed: a stack behind this one may go back to what it does not use at the moment.
    this.exportValue(this.database.instance.dbInstanceEndpointAddress);
  }

  #proxyUrl({ vpc, firewall }: NetworkStack): string | undefined {
    const { proxy } = firewall;
    if (!proxy) return undefined;
    return urlOf(
      new DatabaseProxy(this, "DatabaseProxy", { database: this.database, vpc, securityGroup: proxy })
        .endpoint,
    );
  }

  /** Made by its owner before the first deploy, so that the token passes through no template, parameter or history. */
  #upstashSecret({ upstashSecret }: Config): ISecret {
    return Secret.fromSecretNameV2(this, "Upstash", upstashSecret);
  }

  #visitorKey(config: Config): ISecret {
    const secret = new Secret(this, "VisitorKey", {
      description: "QR service: key of the visitors' pseudonyms",
      generateSecretString: { secretStringTemplate: "{}", generateStringKey: "key", passwordLength: 64 },
      removalPolicy: removalOf(stages[config.stage]),
    });
    acknowledge(secret, {
      SMG4: "A pseudonym is good for one day. A key that changed at any other time would count that day's visitors twice.",
    });
    return secret as ISecret;
  }

  #migrate(): ServiceFunction {
    const line = triggerNamed("migrate");
    const migrate = new ServiceFunction(this, "Migrate", { line, backends: this.backends });
    runAtDeploy(this, migrate, line, [this.database]);
    return migrate;
  }
}

function urlOf(host: string): string {
  return Fn.join("", [`postgres://${DATABASE_USER}@`, host, `:${PORTS.postgres}/${DATABASE_NAME}`]);
}
