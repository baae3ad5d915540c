import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type Backends, type FunctionLine, secretsOf } from "./backends.ts";
import { given } from "./environment.ts";

/** What a function's role allows, and why a wildcard in it is no wider than it has to be. */
export interface Grant {
  actions: string[];
  resources: string[];
  /** Where a resource holds a wildcard. */
  reason?: string;
  /** How cdk-nag names such a resource, unless it is all of them. */
  finding?: string;
}

/** The rights of a function, which follow from what it uses and from what starts it. */
export function grantsOf(line: FunctionLine, backends: Backends, logGroupArn: string): Grant[] {
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [logGroupArn],
      reason: "The streams of the function's own log group, which Lambda names.",
    },
    {
      actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
      resources: ["*"],
      reason: "X-Ray has no resources to name.",
    },
    ...secretsOf(line, backends).map((secret) => ({
      actions: ["secretsmanager:GetSecretValue"],
      resources: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
      ...(secret.secretFullArn
        ? {}
        : { reason: "A secret that is known by its name: its ARN ends in six characters that AWS chose." }),
    })),
    ...(line.uses.includes("kafka") ? kafkaGrants(line, backends) : []),
    ...(line.startedBy === "topic" ? consumerGrants(backends) : []),
  ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const NETWORK_INTERFACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Of a function in the network. */
export const NETWORK_GRANT: Grant = {
  actions: NETWORK_INTERFACES,
  resources: ["*"],
  reason:
    "Lambda asks for these without a resource to join the network; the function's own code is denied them.",
};

/** Those rights are Lambda's, not the code's: the same page says how to distinguish the two. */
export function denyNetworkToCode(functionArn: string): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.DENY,
    actions: NETWORK_INTERFACES,
    resources: ["*"],
    conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
  });
}

const BROKERS: Grant = {
  actions: ["kafka:GetBootstrapBrokers"],
  resources: ["*"],
  reason:
    "MSK does not let this action be limited to a cluster; it tells addresses that only the network reaches.",
};

/** The relay writes to the topic; what a deploy starts may make it. */
function kafkaGrants({ startedBy }: FunctionLine, backends: Backends): Grant[] {
  const { clusterArn, topicArn } = given(backends, "cluster");
  const makes = startedBy === "deploy";
  return [
    BROKERS,
    {
      actions: ["kafka-cluster:Connect", ...(makes ? [] : ["kafka-cluster:WriteDataIdempotently"])],
      resources: [clusterArn],
    },
    {
      actions: ["kafka-cluster:DescribeTopic", `kafka-cluster:${makes ? "CreateTopic" : "WriteData"}`],
      resources: [topicArn],
    },
  ];
}

/**
 * What the event source needs of its function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
function consumerGrants(backends: Backends): Grant[] {
  const { clusterArn, topicArn, groupArn } = given(backends, "cluster");
  return [
    BROKERS,
    { actions: ["kafka:DescribeCluster", "kafka:DescribeClusterV2"], resources: [clusterArn] },
    {
      actions: ["ec2:DescribeSecurityGroups", "ec2:DescribeVpcs"],
      resources: ["*"],
      reason: "EC2 does not let descriptions be limited; the event source looks up where the brokers are.",
    },
    {
      actions: ["kafka-cluster:Connect", "kafka-cluster:DescribeClusterDynamicConfiguration"],
      resources: [clusterArn],
    },
    { actions: ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], resources: [topicArn] },
    { actions: ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"], resources: [groupArn] },
  ];
}
