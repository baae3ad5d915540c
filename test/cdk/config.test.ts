import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { ConfigError } from "../../lib/config-error.ts";
import { stages } from "../../lib/stages.ts";

const read = (context: Record<string, string>, env: { region?: string } = { region: "eu-west-1" }) =>
  readConfig((name) => context[name], env, Object.keys(context));

describe("the context", () => {
  it("needs nothing but a stage", () => {
    expect(read({ stage: "dev" })).toEqual({
      stage: "dev",
      region: "eu-west-1",
      sizes: stages.dev,
      redis: "upstash",
      events: "msk",
      upstashSecret: "qr-service/dev/upstash",
      proxy: false,
      cloudfront: false,
      console: true,
      origins: [],
      callbackUrl: "http://localhost:8400/",
    });
    expect(read({ stage: "prod" }).proxy).toBe(true);
    expect(read({ stage: "mini" }).events).toBe("direct");
  });

  it.each([
    [{}, "stage must be mini or dev or prod"],
    [{ stage: "staging" }, "stage must be mini or dev or prod, not staging"],
    [{ stage: "dev", redis: "memcached" }, "redis must be upstash or valkey, not memcached"],
    [{ stage: "dev", proxy: "yes" }, "proxy must be true or false, not yes"],
    [{ stage: "dev", cloudfront: "1" }, "cloudfront must be true or false, not 1"],
    [{ stage: "dev", issuer: "https://id.example.com" }, "issuer and audience must be given together"],
    [
      { stage: "dev", issuer: "http://id.example.com", audience: "a" },
      "issuer must be an https URL, not http://id.example.com",
    ],
    [
      { stage: "dev", issuer: "id.example.com", audience: "a" },
      "issuer must be an https URL, not id.example.com",
    ],
    [{ stage: "dev", tenantClaim: "org" }, "tenantClaim needs an issuer: Cognito's claim is tenant_id"],
    [{ stage: "dev", console: "no" }, "console must be true or false, not no"],
    [{ stage: "dev", consoleClientId: "c" }, "consoleClientId needs an issuer: Cognito's client is made"],
    [
      { stage: "dev", issuer: "https://id.example.com", audience: "a", console: "true" },
      "console needs consoleClientId, the client that your issuer knows it by",
    ],
    [{ stage: "dev", domain: "qr.example.com" }, "domain and hostedZoneId must be given together"],
    [
      { stage: "dev", domain: "https://qr", hostedZoneId: "Z1" },
      "domain must be a name such as qr.example.com, not https://qr",
    ],
    [
      { stage: "dev", domain: "qr.example.com", hostedZoneId: "example.com" },
      "hostedZoneId must be a zone's ID such as Z0123456789ABC, not example.com",
    ],
    [
      { stage: "dev", upstashSecret: "a b" },
      "upstashSecret must be a secret's name, which does not end in a hyphen and six characters as its ARN does, not a b",
    ],
    [
      { stage: "dev", upstashSecret: "qr/upstash-secret" },
      "upstashSecret must be a secret's name, which does not end in a hyphen and six characters as its ARN does, not qr/upstash-secret",
    ],
    [
      { stage: "prod", events: "direct" },
      "events must be msk in prod, whose cluster is kept when its stack goes",
    ],
    [{ stage: "mini", events: "kafka" }, "events must be msk or direct, not kafka"],
    [
      { stage: "mini", databaseInstance: "huge" },
      "databaseInstance must be a class such as t4g.small, not huge",
    ],
    [
      { stage: "mini", natInstance: "t3.micro" },
      "natInstance must be a type of Graviton such as t4g.micro, not t3.micro",
    ],
    [{ stage: "dev", rediss: "valkey" }, "there is no option rediss; did you mean redis?"],
    [{ stage: "dev", Stage: "prod" }, "there is no option Stage; did you mean stage?"],
    [{ stage: "dev", colour: "red" }, "there is no option colour"],
    [
      { stage: "dev", origins: "app.example.com" },
      "origins must be origins such as https://app.example.com, separated by commas, not app.example.com",
    ],
    [
      { stage: "dev", callbackUrl: "http://app.example.com" },
      "callbackUrl must be an https URL, or http on localhost, not http://app.example.com",
    ],
    [{ stage: "dev", alarmEmail: "me" }, "alarmEmail must be an e-mail address, not me"],
  ])("refuses %o in one line", (context, line) => {
    expect(() => read(context as Record<string, string>)).toThrow(new ConfigError(line));
  });

  it("has no console by an issuer that does not know it", () => {
    const issuer = { issuer: "https://id.example.com", audience: "a" };
    expect(read({ stage: "dev", ...issuer }).console).toBe(false);
    expect(read({ stage: "dev", ...issuer, consoleClientId: "c" })).toMatchObject({
      console: true,
      oidc: { consoleClientId: "c" },
    });
    expect(read({ stage: "dev", console: "false" }).console).toBe(false);
  });

  it("changes the sizes that it names, and no other stage's", () => {
    const { sizes } = read({ stage: "mini", databaseInstance: "m7g.large", multiAz: "true" });
    expect(sizes.database).toEqual({ ...stages.mini.database, instance: "m7g.large", multiAz: true });
    expect(stages.mini.database.multiAz).toBe(false);
  });

  it.each(["eu-nowhere-1", "us-east", "EU-WEST-1"])("refuses the region %s in one line", (region) => {
    expect(() => read({ stage: "dev" }, { region })).toThrow(
      new ConfigError(`the region ${region} is not one that the service can be deployed in`),
    );
  });

  it("leaves the CDK its own context", () => {
    const { context } = JSON.parse(readFileSync(new URL("../../cdk.json", import.meta.url), "utf8"));
    const names = [...Object.keys(context), "aws:cdk:bundling-stacks", "stage"];
    const stage = (name: string) => (name === "stage" ? "dev" : undefined);
    expect(readConfig(stage, { region: "eu-west-1" }, names).stage).toBe("dev");
  });

  it("names all that is wrong at once", () => {
    expect(() => read({ stage: "x", redis: "y" }, {})).toThrow(
      "stage must be mini or dev or prod, not x; redis must be upstash or valkey, not y; no region: set AWS_REGION, or sign in with a profile that has one",
    );
  });

  it("ends the app with that line and nothing else", async () => {
    const run = promisify(execFile)(process.execPath, ["bin/app.ts"], {
      env: { ...process.env, CDK_DEFAULT_REGION: "eu-west-1", CDK_CONTEXT_JSON: '{"stage":"test"}' },
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: "stage must be mini or dev or prod, not test\n",
    });
    // The CDK takes its time to load.
  }, 60_000);

  it("ends it likewise where the region's certificates are not known", async () => {
    const { rdsAuthorities } = await import("../../lib/compute/rds-authorities.ts");
    expect(() => rdsAuthorities("xx-nowhere-1", false)).toThrow(ConfigError);
  });
});
