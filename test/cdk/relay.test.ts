import { describe, expect, it } from "vitest";
import { type Resource, reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

function functionOf(templates: Templates, name: string): Resource["Properties"] {
  const found = resourcesOf(templates, "AWS::Lambda::Function").find(
    ([, { Properties }]) => Properties.FunctionName === name,
  );
  return found?.[1].Properties ?? expect.unreachable(`${name} is missing`);
}

describe.each(["mini", "dev", "prod"])("the relay of %s", (stage) => {
  const templates = synthesize({ stage });

  it("is started each minute, and no reservation stands between two runs that overlap", () => {
    const rules = resourcesOf(templates, "AWS::Events::Rule").filter(([id]) => id.startsWith("relay/"));
    expect(rules.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(["rate(1 minute)"]);
    for (const [, { Properties }] of resourcesOf(templates, "AWS::Lambda::Function"))
      expect(Properties).not.toHaveProperty("ReservedConcurrentExecutions");
  });

  it("has a whole core where 10,000 scans a second are promised", () => {
    expect(functionOf(templates, `qr-${stage}-relay`).MemorySize).toBe(stage === "prod" ? 1_769 : 512);
  });
});

describe("the canary", () => {
  const templates = synthesize({ stage: "mini", domain: "qr.example.com", hostedZoneId: "Z0123456789ABC" });

  it("scans by the public URL each five minutes, from outside the network", () => {
    const rules = resourcesOf(templates, "AWS::Events::Rule").filter(([id]) => id.includes("Canary"));
    expect(rules.map(([, { Properties }]) => Properties.ScheduleExpression)).toEqual(["rate(5 minutes)"]);
    const { Environment, VpcConfig } = functionOf(templates, "qr-mini-canary");
    expect(VpcConfig).toBeUndefined();
    expect(Environment.Variables.PUBLIC_BASE_URL).toBe("https://qr.example.com");
  });
});

describe("the database's users", () => {
  const templates = synthesize({ stage: "prod" });
  const read = reader(templates);

  it("are the application's roles, each of whose passwords is made and never leaves its secret", () => {
    const secrets = resourcesOf(templates, "AWS::SecretsManager::Secret").filter(([id]) =>
      id.includes("Roles"),
    );
    const users = secrets.map(([, { Properties }]) => {
      expect(Properties.SecretString).toBeUndefined();
      expect(Properties.GenerateSecretString.GenerateStringKey).toBe("password");
      return JSON.parse(Properties.GenerateSecretString.SecretStringTemplate).username;
    });
    expect(users.sort()).toEqual(["qr_manage", "qr_pipeline", "qr_scan"]);
  });

  it.each([
    ["scan", "qr_scan", "data/RolesScan"],
    ["health", "qr_scan", "data/RolesScan"],
    ["patch", "qr_manage", "data/RolesManage"],
    ["relay", "qr_pipeline", "data/RolesPipeline"],
    ["persist-scans", "qr_pipeline", "data/RolesPipeline"],
    ["migrate", "qr", "data/DatabaseInstance.MasterUserSecret.SecretArn"],
  ])("%s signs in as %s, with the secret of that role", (name, user, secret) => {
    const [id] = resourcesOf(templates, "AWS::Lambda::Function").find(
      ([, { Properties }]) => Properties.FunctionName === `qr-prod-${name}`,
    ) ?? [""];
    const stack = id.split("/")[0] as string;
    const { DATABASE_URL, DATABASE_SECRET_ARN } = functionOf(templates, `qr-prod-${name}`).Environment
      .Variables;
    expect(read(stack, DATABASE_URL)).toMatch(new RegExp(`^postgres://${user}@`));
    expect(read(stack, DATABASE_SECRET_ARN)).toBe(secret);
  });

  it("are all known to the proxy, and the owner is not", () => {
    const [[, { Properties }]] = resourcesOf(templates, "AWS::RDS::DBProxy") as [[string, Resource]];
    const known = Properties.Auth.map(({ SecretArn }: { SecretArn: unknown }) => read("proxy", SecretArn));
    expect(known.sort()).toEqual(["data/RolesManage", "data/RolesPipeline", "data/RolesScan"]);
  });
});
