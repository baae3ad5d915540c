import { describe, expect, it } from "vitest";
import { reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

interface AddressRule {
  CidrIp: string;
  ToPort: number;
}

/** All rules between groups, as `from → to:port`. */
function rulesOf(templates: Templates): string[] {
  const read = reader(templates);
  const short = (value: unknown) => read("network", value).replace(/^network\/Firewall(\w+)\.GroupId$/, "$1");
  const between = resourcesOf(templates, "AWS::EC2::SecurityGroupEgress").map(
    ([, { Properties: rule }]) =>
      `${short(rule.GroupId)} → ${short(rule.DestinationSecurityGroupId)}:${rule.ToPort}`,
  );
  const anywhere = resourcesOf(templates, "AWS::EC2::SecurityGroup")
    .filter(([id]) => id.startsWith("network/Firewall"))
    .flatMap(([id, { Properties }]) =>
      (Properties.SecurityGroupEgress ?? [])
        .filter(({ CidrIp }: { CidrIp: string }) => CidrIp !== "255.255.255.255/32")
        .map((rule: AddressRule) => `${id.replace("network/Firewall", "")} → ${rule.CidrIp}:${rule.ToPort}`),
    );
  return [...between, ...anywhere].sort();
}

function admissionsOf(templates: Templates): string[] {
  const read = reader(templates);
  const short = (value: unknown) => read("network", value).replace(/^network\/Firewall(\w+)\.GroupId$/, "$1");
  return resourcesOf(templates, "AWS::EC2::SecurityGroupIngress")
    .map(
      ([, { Properties: rule }]) =>
        `${short(rule.SourceSecurityGroupId)} → ${short(rule.GroupId)}:${rule.ToPort}`,
    )
    .sort();
}

describe("the firewall", () => {
  it("lets a development stage with Upstash out over HTTPS, and in to nothing from outside", () => {
    const templates = synthesize({ stage: "dev" });
    expect(rulesOf(templates)).toEqual([
      "AwsClient → 0.0.0.0/0:443",
      "Brokers → 0.0.0.0/0:443",
      "Brokers → Brokers:9098",
      "DatabaseClient → Database:5432",
      "KafkaClient → Brokers:9098",
      "PostgresClient → Database:5432",
      "RedisClient → 0.0.0.0/0:443",
    ]);
  });

  it("lets production with Valkey and the proxy nowhere outside", () => {
    const templates = synthesize({ stage: "prod", redis: "valkey" });
    expect(rulesOf(templates)).toEqual([
      "AwsClient → Endpoints:443",
      "Brokers → Brokers:9098",
      "Brokers → Endpoints:443",
      "DatabaseClient → Database:5432",
      "KafkaClient → Brokers:9098",
      "PostgresClient → Proxy:5432",
      "Proxy → Database:5432",
      "Proxy → Endpoints:443",
      "RedisClient → Valkey:6379",
    ]);
    expect(resourcesOf(templates, "AWS::EC2::NatGateway")).toEqual([]);
    expect(resourcesOf(templates, "AWS::EC2::InternetGateway")).toEqual([]);
  });

  it.each([[{ stage: "dev" }], [{ stage: "prod", redis: "valkey" }]])(
    "admits to each group whom the other lets out: %o",
    (options) => {
      const templates = synthesize(options);
      const outOnly = rulesOf(templates).filter((rule) => !rule.includes("0.0.0.0"));
      expect(admissionsOf(templates)).toEqual(outOnly);
      const open = resourcesOf(templates, "AWS::EC2::SecurityGroup").flatMap(([id, { Properties }]) =>
        (Properties.SecurityGroupIngress ?? []).map((rule: AddressRule) => `${id} ${rule.CidrIp}`),
      );
      // The NAT instance alone admits by address, and only from inside.
      expect(open).toEqual(
        options.stage === "dev" ? ["network/NetworkVpcNatSecurityGroup 10.40.0.0/16"] : [],
      );
    },
  );

  it("has a NAT gateway in each zone where production calls Upstash", () => {
    expect(resourcesOf(synthesize({ stage: "prod" }), "AWS::EC2::NatGateway")).toHaveLength(3);
  });
});
