import { describe, expect, it } from "vitest";
import { CACHE_TTL } from "../../data/redis/keys.ts";
import { MAX_DATABASE_TIMEOUT_MS } from "../../functions/runtime/env.ts";
import { synthesize } from "./synthesized.ts";

/**
 * Everything that holds data, by its stack and its logical ID. Another ID is another resource: CloudFormation would make
 * it anew and let go of what the old one holds.
 */
const PINNED: Record<string, Record<string, string>> = {
  data: {
    DatabaseInstanceAA8A5FDE: "AWS::RDS::DBInstance",
    RolesManage6A061464: "AWS::SecretsManager::Secret",
    RolesPipeline5454DF9D: "AWS::SecretsManager::Secret",
    RolesScanDB3FA3CB: "AWS::SecretsManager::Secret",
    VisitorKey4D64EAF3: "AWS::SecretsManager::Secret",
  },
  valkey: { ValkeyGroupC2F08A48: "AWS::ElastiCache::ReplicationGroup" },
  events: { KafkaCluster21A1BE89: "AWS::MSK::Cluster", FailedBatchesBucketD51F47E2: "AWS::S3::Bucket" },
  console: { Bucket83908E77: "AWS::S3::Bucket" },
  api: { UsersPoolBFC35D3B: "AWS::Cognito::UserPool" },
  monitoring: { AlarmTopicKeyBA1A4AA7: "AWS::KMS::Key" },
};

const STATEFUL =
  /^AWS::(RDS::DBInstance|ElastiCache::ReplicationGroup|MSK::Cluster|S3::Bucket|Cognito::UserPool|SecretsManager::Secret|KMS::Key|DynamoDB::Table|EFS::FileSystem)$/;

function statefulOf(options: Record<string, string>) {
  return Object.entries(synthesize(options)).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources)
      .filter(([, { Type }]) => STATEFUL.test(Type))
      .map(([id, resource]) => ({ stack, id, ...resource })),
  );
}

describe("what holds data", () => {
  const prod = statefulOf({ stage: "prod", redis: "valkey" });
  const dev = statefulOf({ stage: "dev", redis: "valkey" });

  // Only the network without a way out has the copy of the issuer's keys.
  const inProd = { ...PINNED, api: { ...PINNED.api, IssuerKeysBucket214EC105: "AWS::S3::Bucket" } };

  it.each([
    ["prod", prod, inProd],
    ["dev", dev, PINNED],
  ])("is known by the same names for ever: %s", (_stage, found, pinned) => {
    const names: Record<string, Record<string, string>> = {};
    for (const { stack, id, Type } of found) names[stack] = { ...names[stack], [id]: Type };
    expect(names).toEqual(pinned);
  });

  it("stays in production when its stack goes or a change would replace it", () => {
    for (const { id, DeletionPolicy, UpdateReplacePolicy } of prod) {
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, "RetainExceptOnCreate", "Retain"]);
    }
  });

  it("leaves a last snapshot in development, where it can", () => {
    const policies = Object.fromEntries(dev.map(({ Type, DeletionPolicy }) => [Type, DeletionPolicy]));
    expect(policies).toEqual({
      "AWS::RDS::DBInstance": "Snapshot",
      "AWS::ElastiCache::ReplicationGroup": "Snapshot",
      "AWS::MSK::Cluster": "Delete",
      "AWS::S3::Bucket": "Delete",
      "AWS::Cognito::UserPool": "Delete",
      "AWS::SecretsManager::Secret": "Delete",
      "AWS::KMS::Key": "Delete",
    });
  });

  it("is encrypted, backed up and, in production, protected", () => {
    const of = (found: typeof prod, type: string) => found.find(({ Type }) => Type === type)?.Properties;
    for (const [found, days, isProtected] of [
      [dev, 7, false],
      [prod, 35, true],
    ] as const) {
      expect(of(found, "AWS::RDS::DBInstance")).toMatchObject({
        StorageEncrypted: true,
        BackupRetentionPeriod: days,
        DeletionProtection: isProtected,
        MultiAZ: isProtected,
        ManageMasterUserPassword: true,
        PubliclyAccessible: false,
      });
      expect(of(found, "AWS::ElastiCache::ReplicationGroup")).toMatchObject({
        Engine: "valkey",
        ClusterMode: "disabled",
        TransitEncryptionEnabled: true,
        AtRestEncryptionEnabled: true,
      });
      expect(of(found, "AWS::MSK::Cluster")).toMatchObject({
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
        EncryptionInfo: { EncryptionInTransit: { ClientBroker: "TLS", InCluster: true } },
      });
    }
  });

  it("takes TLS only", () => {
    const { data, proxy } = synthesize({ stage: "prod" });
    const [group] = Object.values(data?.Resources ?? {}).filter(
      ({ Type }) => Type === "AWS::RDS::DBParameterGroup",
    );
    expect(group?.Properties).toMatchObject({ Family: "postgres17", Parameters: { "rds.force_ssl": "1" } });
    const [found] = Object.values(proxy?.Resources ?? {}).filter(({ Type }) => Type === "AWS::RDS::DBProxy");
    expect(found?.Properties).toMatchObject({ RequireTLS: true });
  });

  it.each([
    ["prod", "RetainExceptOnCreate"],
    ["mini", "RetainExceptOnCreate"],
    ["dev", "Delete"],
  ])("keeps the logs of %s as its data, those of refused traffic apart", (stage, policy) => {
    const kept = Object.values(synthesize({ stage }))
      .flatMap(({ Resources }) => Object.entries(Resources))
      .filter(([id, { Type }]) => Type === "AWS::Logs::LogGroup" && !id.includes("RefusedTraffic"));
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.filter(([, { DeletionPolicy }]) => DeletionPolicy !== policy).map(([id]) => id)).toEqual([]);
  });

  it("lets the brokers' configuration change: by a new revision, under the same name", () => {
    const { events } = synthesize({ stage: "dev" });
    const found = (type: string) =>
      Object.entries(events?.Resources ?? {}).find(([, { Type }]) => Type === type) ?? [];
    const [id, configuration] = found("AWS::MSK::Configuration");
    expect(Object.keys(configuration?.Properties ?? {}).sort()).toEqual(["Name", "ServerProperties"]);
    expect(found("AWS::MSK::Cluster")[1]?.Properties.ConfigurationInfo).toEqual({
      Arn: { "Fn::GetAtt": [id, "Arn"] },
      Revision: { "Fn::GetAtt": [id, "LatestRevision.Revision"] },
    });
  });

  it("bounds each session by its own configuration, since RDS Proxy sets nothing for one", () => {
    const resources = Object.values(synthesize({ stage: "prod" })).flatMap((stack) =>
      Object.values(stack.Resources),
    );
    const of = (type: string) => resources.find(({ Type }) => Type === type);
    const bounds = of("AWS::RDS::DBParameterGroup")?.Properties.Parameters as Record<string, string>;
    for (const name of ["statement_timeout", "idle_in_transaction_session_timeout"]) {
      expect([name, Number(bounds[name])]).toEqual([name, MAX_DATABASE_TIMEOUT_MS]);
    }
    // With two seconds for the commit itself.
    expect(MAX_DATABASE_TIMEOUT_MS + 2_000).toBeLessThanOrEqual(CACHE_TTL.mark * 1_000);
    expect(JSON.stringify(of("AWS::RDS::DBProxyTargetGroup")?.Properties)).not.toContain("InitQuery");
  });

  it("can't be deleted with its stack by mistake in production", async () => {
    const { service } = await import("./synthesized.ts");
    const protections = (stage: string) =>
      Object.values(service({ stage }).service).map((stack) => stack.terminationProtection);
    expect(new Set(protections("prod"))).toEqual(new Set([true]));
    expect(new Set(protections("mini"))).toEqual(new Set([true]));
    expect(new Set(protections("dev"))).toEqual(new Set([false]));
  });
});
