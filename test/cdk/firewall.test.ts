import { describe, expect, it } from "vitest";
import { type Resource, reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

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
  it.each([{ stage: "mini" }, { stage: "dev" }, { stage: "dev", redis: "valkey", proxy: "true" }])(
    "lets a stage without endpoints out over HTTPS, and in to nothing from outside: %o",
    (options) => {
      expect(rulesOf(synthesize(options))).toEqual([
        "AwsClient → 0.0.0.0/0:443",
        "Brokers → 0.0.0.0/0:443",
        "Brokers → Brokers:9098",
        "DatabaseClient → Database:5432",
        "KafkaClient → Brokers:9098",
        "PostgresClient → Database:5432",
        "PostgresClient → Proxy:5432",
        "Proxy → 0.0.0.0/0:443",
        "Proxy → Database:5432",
        "RedisClient → 0.0.0.0/0:443",
        "RedisClient → Valkey:6379",
      ]);
    },
  );

  it("lets production with Valkey and the proxy nowhere outside: no route leads there", () => {
    const templates = synthesize({ stage: "prod", redis: "valkey" });
    expect(rulesOf(templates)).toEqual([
      "AwsClient → Endpoints:443",
      // To S3, by its gateway.
      "Brokers → 0.0.0.0/0:443",
      "Brokers → Brokers:9098",
      "Brokers → Endpoints:443",
      "DatabaseClient → Database:5432",
      "KafkaClient → Brokers:9098",
      "PostgresClient → Database:5432",
      "PostgresClient → Proxy:5432",
      "Proxy → Database:5432",
      "Proxy → Endpoints:443",
      "RedisClient → 0.0.0.0/0:443",
      "RedisClient → Valkey:6379",
    ]);
    expect(resourcesOf(templates, "AWS::EC2::Route")).toEqual([]);
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
      expect(open).toEqual(options.stage === "dev" ? ["egress/NatGroup 10.40.0.0/16"] : []);
    },
  );

  it("has a NAT gateway in each zone where production calls Upstash, and leads each zone to its own", () => {
    const templates = synthesize({ stage: "prod" });
    const read = reader(templates);
    expect(resourcesOf(templates, "AWS::EC2::NatGateway")).toHaveLength(3);
    const ways = resourcesOf(templates, "AWS::EC2::Route").flatMap(([, { Properties: route }]) =>
      route.NatGatewayId
        ? `${read("egress", route.RouteTableId)} → ${read("egress", route.NatGatewayId)}`
        : [],
    );
    expect(ways).toEqual(
      [1, 2, 3].map((zone) => `network/NetworkVpcprivateSubnet${zone}RouteTable → egress/Nat${zone}`),
    );
  });

  it.each(["mini", "dev", "prod"])("gives no address of %s to two subnets, of whichever stack", (stage) => {
    const ranges = resourcesOf(synthesize({ stage }), "AWS::EC2::Subnet").map(([, { Properties }]) => {
      const [address = "", mask] = Properties.CidrBlock.split("/");
      const first = address.split(".").reduce((sum: number, byte: string) => sum * 256 + Number(byte), 0);
      return [first, first + 2 ** (32 - Number(mask))] as const;
    });
    ranges.sort(([one], [other]) => one - other);
    expect(ranges.length).toBe(stage === "prod" ? 9 : 6);
    for (const [index, [first]] of ranges.entries())
      expect(first).toBeGreaterThanOrEqual(ranges[index - 1]?.[1] ?? 0);
  });

  it("has the NAT instance say that it forwards, and a deploy wait for it", () => {
    const templates = synthesize({ stage: "mini" });
    const [[, instance]] = resourcesOf(templates, "AWS::EC2::Instance") as [[string, Resource]];
    expect(instance.CreationPolicy).toEqual({ ResourceSignal: { Count: 1, Timeout: "PT10M" } });
    expect(instance.Properties.SourceDestCheck).toBe(false);
    const script = reader(templates)("egress", instance.Properties.UserData["Fn::Base64"]);
    // The package manager is killed for want of memory without it.
    expect(script.indexOf("swapon")).toBeGreaterThan(0);
    expect(script.indexOf("swapon")).toBeLessThan(script.indexOf("dnf install"));
    expect(script).toContain("cfn-signal");
  });
});
