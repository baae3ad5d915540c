import type { Template, Templates } from "../synthesized.ts";
import { all, connects, list, type Network, networkOf, reachesAws, reachesInternet } from "./network.ts";

const PORTS = { postgres: 5432, redis: 6379, kafka: 9098 };

/** What every deployed function uses by its environment, and every event source by its nature, has a path to it. */
export function pathProblems(templates: Templates): string[] {
  const key = Object.values(templates).map(numberOf).join();
  const known = found.get(key);
  if (known) return known;
  const network = networkOf(templates);
  const problems = [...functionProblems(network), ...proxyProblems(network), ...eventSourceProblems(network)];
  found.set(key, problems);
  return problems;
}

/** Most states are passed through by many transitions. */
const found = new Map<string, string[]>();
const numbers = new WeakMap<Template, number>();
let numbered = 0;

function numberOf(template: Template): number {
  const known = numbers.get(template) ?? numbered++;
  numbers.set(template, known);
  return known;
}

function functionProblems(network: Network): string[] {
  return all(network, "AWS::Lambda::Function").flatMap(({ stack, of }) => {
    if (!of.VpcConfig) return [];
    const groups = list(network.read(stack, of.VpcConfig.SecurityGroupIds));
    const subnets = list(network.read(stack, of.VpcConfig.SubnetIds));
    const variables = of.Environment?.Variables ?? {};
    const value = (name: string) =>
      variables[name] === undefined ? "" : network.read(stack, variables[name]);
    const problems: string[] = [];
    const need = (what: string, reached: boolean) => {
      if (!reached) problems.push(`${of.FunctionName} has no path to ${what}`);
    };
    if (variables.DATABASE_URL) need("Postgres", reachesPostgres(network, value("DATABASE_URL"), groups));
    if (variables.REDIS_URL) need("Valkey", reachesValkey(network, value("REDIS_URL"), groups));
    if (variables.UPSTASH_SECRET_ARN) need("Upstash", reachesInternet(network, groups, subnets));
    if (variables.MSK_CLUSTER_ARN) {
      need("the brokers", reachesBrokers(network, value("MSK_CLUSTER_ARN"), groups));
      need("MSK's API", reachesAws(network, "kafka", groups, subnets));
    }
    if (Object.keys(variables).some((name) => name.endsWith("_SECRET_ARN")))
      need("Secrets Manager", reachesAws(network, "secretsmanager", groups, subnets));
    return problems;
  });
}

function reachesPostgres(network: Network, url: string, from: string[]): boolean {
  const [, target = ""] = /@([\w-]+\/\w+)\.Endpoint/.exec(url) ?? [];
  return connects(network, from, groupsOf(network, target), PORTS.postgres);
}

function reachesValkey(network: Network, url: string, from: string[]): boolean {
  const [, target = ""] = /\/\/([\w-]+\/\w+)\.PrimaryEndPoint/.exec(url) ?? [];
  return connects(network, from, groupsOf(network, target), PORTS.redis);
}

function reachesBrokers(network: Network, arn: string, from: string[]): boolean {
  return connects(network, from, groupsOf(network, arn.replace(/\.Arn$/, "")), PORTS.kafka);
}

/** The groups of a server; none if it is not there. */
function groupsOf(network: Network, place: string): string[] {
  const { Type, Properties: of } = network.places.get(place) ?? { Type: "", Properties: {} };
  const groups: Record<string, unknown> = {
    "AWS::RDS::DBInstance": of.VPCSecurityGroups,
    "AWS::RDS::DBProxy": of.VpcSecurityGroupIds,
    "AWS::ElastiCache::ReplicationGroup": of.SecurityGroupIds,
    "AWS::MSK::Cluster": of.BrokerNodeGroupInfo?.SecurityGroups,
  };
  return list(network.read(place.split("/")[0] as string, groups[Type] ?? []));
}

function proxyProblems(network: Network): string[] {
  const databases = all(network, "AWS::RDS::DBInstance").flatMap(({ place }) => groupsOf(network, place));
  return all(network, "AWS::RDS::DBProxy").flatMap(({ place }) =>
    connects(network, groupsOf(network, place), databases, PORTS.postgres)
      ? []
      : ["the proxy has no path to the database"],
  );
}

/**
 * The event source stands in the brokers' subnets and groups:
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk-cluster-network.html. Its destination of failed batches is
 * reached from there, too: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
function eventSourceProblems(network: Network): string[] {
  return all(network, "AWS::Lambda::EventSourceMapping").flatMap(({ stack, of }) => {
    const place = network.read(stack, of.EventSourceArn).replace(/\.Arn$/, "");
    const cluster = network.places.get(place);
    if (!cluster) return ["the event source's cluster is not there"];
    const groups = groupsOf(network, place);
    const subnets = list(
      network.read(place.split("/")[0] as string, cluster.Properties.BrokerNodeGroupInfo.ClientSubnets),
    );
    const apis = ["lambda", "sts", ...(of.DestinationConfig ? ["s3"] : [])];
    return [
      ...(connects(network, groups, groups, PORTS.kafka)
        ? []
        : ["the event source has no path to the brokers"]),
      ...apis
        .filter((api) => !reachesAws(network, api, groups, subnets))
        .map((api) => `the event source has no path to ${api}`),
    ];
  });
}
