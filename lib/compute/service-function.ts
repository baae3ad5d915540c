import { ArnFormat, Duration, type RemovalPolicy, Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import type { Destination } from "../network/firewall.ts";
import { PRIVATE } from "../network/service-vpc.ts";
import { removalOf, retentionOf } from "../stage.ts";
import { DEFAULT_MEMORY_MB, MEMORY_MB } from "../stages.ts";
import { type Backends, bypassesProxy, type FunctionLine, secretsOf } from "./backends.ts";
import { codeOf, hasSourceMap } from "./bundle.ts";
import { environmentOf } from "./environment.ts";
import { denyNetworkToCode, type Grant, grantsOf, NETWORK_GRANT } from "./grants.ts";
import { SECRETS_LAYER } from "./regions.ts";

interface ServiceFunctionProps {
  line: FunctionLine;
  backends: Backends;
  /** Rights beyond those of the tables, which only this function's surroundings know of. */
  grants?: Grant[];
  /** By default as `lib/stages.ts` says. */
  memoryMb?: number;
  /** What becomes of its log when its stack goes; by default the stage's choice. */
  removal?: RemovalPolicy;
}

/** The name of a function, and so of its log group and in its metrics. */
export function functionName(stage: string, name: string): string {
  return `qr-${stage}-${name}`;
}

/** A Lambda of one of the tables: its environment, its rights and its place follow from its line. */
export class ServiceFunction extends Construct {
  readonly lambda: lambda.Function;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { line, backends } = props;
    const { config } = backends;
    const stage = config.sizes;
    const name = functionName(config.stage, line.name);
    const logGroup = new LogGroup(this, "Log", {
      logGroupName: `/aws/lambda/${name}`,
      retention: retentionOf(stage),
      removalPolicy: props.removal ?? removalOf(stage),
    });
    const grants = [...grantsOf(line, backends, logGroup.logGroupArn), ...(props.grants ?? [])];
    const inNetwork = destinationsOf(line, backends).length > 0;
    const role = this.#role(name, [...grants, ...(inNetwork ? [NETWORK_GRANT] : [])], inNetwork);
    this.lambda = new lambda.Function(this, "Function", {
      functionName: name,
      description: `QR service: ${line.name}`,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: "index.handler",
      code: codeOf(line, config),
      memorySize: props.memoryMb ?? MEMORY_MB[line.name] ?? DEFAULT_MEMORY_MB,
      timeout: Duration.seconds(line.timeoutS),
      // Its rights are all in the role; nothing that refers to the function may add to them.
      role: role.withoutPolicyUpdates(),
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
      systemLogLevelV2: lambda.SystemLogLevel.INFO,
      tracing: lambda.Tracing.ACTIVE,
      environment: {
        ...environmentOf(line, backends),
        // The metrics' dimension: two stages in one account don't add up.
        POWERTOOLS_SERVICE_NAME: serviceName(config.stage),
        ...nodeOptionsOf(line),
      },
      ...networkOf(line, backends),
      ...(secretsOf(line, backends).length > 0 ? { paramsAndSecrets: secretsExtension() } : {}),
    });
    // SAM names a function of the CDK by its construct's ID, which is the same for all of them.
    (this.lambda.node.defaultChild as lambda.CfnFunction).addMetadata("SamResourceId", name);
  }

  #role(name: string, grants: Grant[], inNetwork: boolean): Role {
    // Written out, since the function refers to the role.
    const functionArn = Stack.of(this).formatArn({
      service: "lambda",
      resource: "function",
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: {
        uses: new PolicyDocument({
          // One statement for each grant, in this order: what is allowed can be read beside why.
          minimize: false,
          statements: [
            ...grants.map(({ actions, resources }) => new PolicyStatement({ actions, resources })),
            ...(inNetwork ? [denyNetworkToCode(functionArn)] : []),
          ],
        }),
      },
    });
    const unlimited = grants.filter(({ resources }) => resources.includes("*"));
    acknowledge(role, {
      "IAM5[Resource::*]": unlimited
        .map(({ actions, reason }) => `${actions.join(", ")}: ${reason}`)
        .join(" "),
    });
    for (const { finding, reason } of grants)
      if (finding && reason) acknowledge(role, { [`IAM5[${finding}]`]: reason });
    return role;
  }
}

/** Stands beside the function's name as a dimension of each metric. */
export function serviceName(stage: string): string {
  return `qr-${stage}`;
}

function nodeOptionsOf(line: FunctionLine): { NODE_OPTIONS?: string } {
  const options = [
    ...(hasSourceMap(line) ? ["--enable-source-maps"] : []),
    // kafkajs 2.2 asks for a timer in the past, of which Node warns as if it were an error of the function.
    ...(line.uses.includes("kafka") ? ["--disable-warning=TimeoutNegativeWarning"] : []),
  ];
  return options.length > 0 ? { NODE_OPTIONS: options.join(" ") } : {};
}

/** A function that reaches nothing there has no place in the network: it would get a group that reaches everything. */
function networkOf(line: FunctionLine, backends: Backends): Partial<lambda.FunctionProps> {
  const destinations = destinationsOf(line, backends);
  if (destinations.length === 0) return {};
  return {
    vpc: backends.vpc,
    vpcSubnets: { subnetGroupName: PRIVATE },
    securityGroups: destinations.map((to) => backends.firewall.clients[to]),
  };
}

/** What a function may reach in the network, which follows from what it uses. */
export function destinationsOf(line: FunctionLine, backends: Backends): Destination[] {
  const { uses } = line;
  const asksAws = secretsOf(line, backends).length > 0 || uses.includes("kafka");
  return [
    ...(uses.includes("postgres") ? [bypassesProxy(line) ? "database" : "postgres"] : []),
    ...(uses.includes("redis") ? ["redis"] : []),
    ...(uses.includes("kafka") ? ["kafka"] : []),
    ...(asksAws ? ["aws"] : []),
  ] as Destination[];
}

/** Answers a sandbox's reads of secrets, so that no bundle needs an SDK for it. */
function secretsExtension(): lambda.ParamsAndSecretsLayerVersion {
  return lambda.ParamsAndSecretsLayerVersion.fromVersion(SECRETS_LAYER, {
    // A function reads a secret once, and the password once for each connection, of which it has one: there is nothing
    // to save by keeping a value, and a rotated password is noticed at once.
    secretsManagerTtl: Duration.seconds(0),
    parameterStoreTtl: Duration.seconds(0),
    secretsManagerTimeout: Duration.seconds(2),
    logLevel: lambda.ParamsAndSecretsLogLevel.WARN,
  });
}
