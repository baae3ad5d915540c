import { beforeAll, describe, expect, it } from "vitest";
import type { Endpoint, Trigger, Resource as Use } from "../../functions/manifest.ts";
import { linesOf, type Resource, reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

type Line = Endpoint | Trigger;

/** Written anew, rather than taken from the code that grants: what each use may do, as `actions on resource`. */
interface Expectation {
  secrets: Partial<Record<Use, string>>;
  /** Groups of the firewall, by what they lead to. */
  groups: Partial<Record<Use, string>>;
}

const UPSTASH = "arn:aws:secretsmanager:eu-west-1:AWS::AccountId:secret:qr-service/{stage}/upstash-??????";
const OWNER = "data/DatabaseInstance.MasterUserSecret.SecretArn";
const ROLES = ["data/RolesScan", "data/RolesManage", "data/RolesPipeline"];
const GROUPS = { postgres: "PostgresClient", redis: "RedisClient", kafka: "KafkaClient" };

const OPTIONS: [Record<string, string>, Expectation][] = [
  [{ stage: "dev" }, { secrets: { redis: UPSTASH, visitors: "data/VisitorKey" }, groups: GROUPS }],
  [{ stage: "mini" }, { secrets: { redis: UPSTASH, visitors: "data/VisitorKey" }, groups: GROUPS }],
  [
    { stage: "dev", proxy: "true", redis: "valkey" },
    { secrets: { visitors: "data/VisitorKey" }, groups: GROUPS },
  ],
  [
    { stage: "prod", cloudfront: "true" },
    { secrets: { redis: UPSTASH, visitors: "data/VisitorKey" }, groups: GROUPS },
  ],
  // The one without a way out of the network.
  [
    { stage: "prod", redis: "valkey" },
    { secrets: { visitors: "data/VisitorKey" }, groups: GROUPS },
  ],
];

const ENI =
  "ec2:AssignPrivateIpAddresses,ec2:CreateNetworkInterface,ec2:DeleteNetworkInterface,ec2:DescribeNetworkInterfaces,ec2:DescribeSubnets,ec2:UnassignPrivateIpAddresses";
const CLUSTER = "events/KafkaCluster.Arn";
const inCluster = (kind: string) =>
  `split(:cluster, split(/, ${CLUSTER})[0])[0]:${kind.split("/")[0]}/split(/, ${CLUSTER})[1]/split(/, ${CLUSTER})[2]/${kind.split("/")[1]}`;
const TOPIC = inCluster("topic/qr.events");

/** Whom a function signs in to the database as: nobody but a migration is its owner. */
function databaseSecrets(line: Line): string[] {
  if (!line.uses.includes("postgres")) return [];
  const [scan, manage, pipeline] = ROLES as [string, string, string];
  if (!("startedBy" in line)) return ["scope" in line && line.scope ? manage : scan];
  return line.startedBy === "deploy" ? [OWNER, ...ROLES] : [pipeline];
}

/** Functions that ask no server, the canary, which scans from outside as a phone does, and
 * what copies the issuer's keys into the network stand outside the network. */
const standsOutside = (line: Line) =>
  line.uses.length === 0 || line.name === "canary" || line.name === "copy-issuer-keys";

/** Every function may write its log and its traces, and Lambda may put it into the network. */
const always = (line: Line, logGroup: string) => [
  `logs:CreateLogStream,logs:PutLogEvents on ${logGroup}`,
  "xray:PutTraceSegments,xray:PutTelemetryRecords on *",
  ...(standsOutside(line) ? [] : [`${ENI} on *`]),
];

const KEYS_BUCKET = "api/IssuerKeysBucket";

const BY_NAME: Partial<Record<string, string[]>> = {
  "copy-issuer-keys": [
    `s3:GetObject,s3:PutObject on ${KEYS_BUCKET}.Arn/keys.json`,
    `s3:ListBucket on ${KEYS_BUCKET}.Arn`,
  ],
  relay: [
    "kafka:GetBootstrapBrokers on *",
    `kafka-cluster:Connect,kafka-cluster:WriteDataIdempotently on ${CLUSTER}`,
    `kafka-cluster:DescribeTopic,kafka-cluster:WriteData on ${TOPIC}`,
  ],
  "create-topic": [
    "kafka:GetBootstrapBrokers on *",
    `kafka-cluster:Connect on ${CLUSTER}`,
    `kafka-cluster:DescribeTopic,kafka-cluster:CreateTopic on ${TOPIC}`,
  ],
  "persist-scans": [
    "kafka:GetBootstrapBrokers on *",
    `kafka:DescribeCluster,kafka:DescribeClusterV2 on ${CLUSTER}`,
    "ec2:DescribeSecurityGroups,ec2:DescribeVpcs on *",
    `kafka-cluster:Connect,kafka-cluster:DescribeClusterDynamicConfiguration on ${CLUSTER}`,
    `kafka-cluster:DescribeTopic,kafka-cluster:ReadData on ${TOPIC}`,
    `kafka-cluster:AlterGroup,kafka-cluster:DescribeGroup on ${inCluster("group/qr-service-persist-scans")}`,
    "s3:ListBucket on events/FailedBatchesBucket.Arn",
    "s3:PutObject on events/FailedBatchesBucket.Arn/*",
  ],
};

interface Statement {
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource: unknown;
  Condition?: { ArnEquals: Record<string, unknown> };
}

function statementsOf(role: { Policies: { PolicyDocument: { Statement: Statement[] } }[] }): Statement[] {
  return role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Functions of the CDK's own that a deploy needs; and Cognito's, tested by itself. */
const OTHERS = /CustomResourceProvider|CrossRegionExport|CDKBucketDeployment|UsersTenantClaim/;

describe.each(OPTIONS)("with %o", (options, expected) => {
  const LINES = linesOf(options);
  let templates: Templates;
  let functions: [string, Resource][];
  const name = (line: Line) => `qr-${options.stage}-${line.name}`;

  beforeAll(() => {
    templates = synthesize(options);
    functions = resourcesOf(templates, "AWS::Lambda::Function");
  });

  const find = (line: Line) => {
    const found = functions.find(([, { Properties }]) => Properties.FunctionName === name(line));
    if (!found) throw new Error(`${line.name} is missing`);
    return { stack: found[0].split("/")[0] as string, ...found[1].Properties };
  };

  it("makes one function for each line of the tables, and none else", () => {
    const own = functions
      .filter(([id]) => !OTHERS.test(id))
      .map(([, { Properties }]) => Properties.FunctionName);
    expect(own.sort()).toEqual(LINES.map(name).sort());
  });

  it.each(LINES)("$name may do what it uses and no more", (line) => {
    const { stack, Role } = find(line);
    const read = reader(templates);
    const role = templates[stack]?.Resources[Role["Fn::GetAtt"][0]]?.Properties;
    const allowed = statementsOf(role)
      .filter(({ Effect }) => Effect === "Allow")
      .map(({ Action, Resource }) => `${[Action].flat().join(",")} on ${read(stack, Resource)}`);
    const logGroup = `${read(stack, find(line).LoggingConfig.LogGroup)}.Arn`;
    const secrets = [...databaseSecrets(line), ...line.uses.flatMap((use) => expected.secrets[use] ?? [])];
    expect(allowed.sort()).toEqual(
      [
        ...always(line, logGroup),
        ...secrets.map(
          (arn) => `secretsmanager:GetSecretValue on ${arn.replace("{stage}", options.stage as string)}`,
        ),
        ...(line.name === "relay" && !line.uses.includes("kafka") ? [] : (BY_NAME[line.name] ?? [])),
      ].sort(),
    );
    expect(role.ManagedPolicyArns).toBeUndefined();
    const attached = resourcesOf(templates, "AWS::IAM::Policy").filter(([, { Properties }]) =>
      JSON.stringify(Properties.Roles).includes(Role["Fn::GetAtt"][0]),
    );
    expect(attached).toEqual([]);
  });

  it.each(LINES.filter((line) => !standsOutside(line)))(
    "$name's own code may not touch the network's interfaces",
    (line) => {
      const { stack, Role } = find(line);
      const role = templates[stack]?.Resources[Role["Fn::GetAtt"][0]]?.Properties;
      const denied = statementsOf(role).filter(({ Effect }) => Effect === "Deny") as [Statement];
      expect(denied).toHaveLength(1);
      expect([denied[0].Action].flat().join(",")).toBe(ENI);
      expect(reader(templates)(stack, denied[0].Condition?.ArnEquals["lambda:SourceFunctionArn"])).toBe(
        `arn:aws:lambda:eu-west-1:AWS::AccountId:function:${name(line)}`,
      );
    },
  );

  it.each(LINES)("$name reaches what it uses and no more", (line) => {
    const { stack, VpcConfig } = find(line);
    expect(VpcConfig === undefined).toBe(standsOutside(line));
    if (VpcConfig === undefined) return;
    const startedByDeploy = "startedBy" in line && line.startedBy === "deploy";
    const groups = line.uses.flatMap((use) => {
      const group = expected.groups[use];
      // Migrations go past the proxy.
      return !group ? [] : use === "postgres" && startedByDeploy ? ["DatabaseClient"] : [group];
    });
    const secrets = line.uses.includes("postgres") || line.uses.some((use) => expected.secrets[use]);
    const asksAws = secrets || line.uses.includes("kafka") ? ["AwsClient"] : [];
    expect(VpcConfig.SecurityGroupIds.map((id: unknown) => reader(templates)(stack, id)).sort()).toEqual(
      [...groups, ...asksAws].map((group) => `network/Firewall${group}.GroupId`).sort(),
    );
    const subnets = VpcConfig.SubnetIds.map((id: unknown) => reader(templates)(stack, id));
    expect(subnets.every((id: string) => /^network\/NetworkVpcprivateSubnet\dSubnet$/.test(id))).toBe(true);
  });

  it.each(LINES)("$name has the extension exactly if it reads secrets", (line) => {
    const { Layers } = find(line);
    const reads = line.uses.includes("postgres") || line.uses.some((use) => expected.secrets[use]);
    expect(Layers ?? []).toHaveLength(reads ? 1 : 0);
    if (reads) expect(JSON.stringify(Layers)).toContain("AWS-Parameters-and-Secrets-Lambda-Extension-Arm64");
  });
});
