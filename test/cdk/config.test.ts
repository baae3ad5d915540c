import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../../lib/config.ts";

const read = (context: Record<string, string>, env: { region?: string } = { region: "eu-west-1" }) =>
  readConfig((name) => context[name], env);

describe("the context", () => {
  it("needs nothing but a stage", () => {
    expect(read({ stage: "dev" })).toEqual({
      stage: "dev",
      region: "eu-west-1",
      redis: "upstash",
      upstashSecret: "qr-service/dev/upstash",
      proxy: false,
      cloudfront: false,
      origins: [],
      callbackUrl: "http://localhost:8400/",
    });
    expect(read({ stage: "prod" }).proxy).toBe(true);
  });

  it.each([
    [{}, "stage must be dev or prod"],
    [{ stage: "staging" }, "stage must be dev or prod, not staging"],
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
    [{ stage: "dev", domain: "qr.example.com" }, "domain and hostedZoneId must be given together"],
    [
      { stage: "dev", domain: "https://qr", hostedZoneId: "Z1" },
      "domain must be a name such as qr.example.com, not https://qr",
    ],
    [
      { stage: "dev", domain: "qr.example.com", hostedZoneId: "example.com" },
      "hostedZoneId must be a zone's ID such as Z0123456789ABC, not example.com",
    ],
    [{ stage: "dev", upstashSecret: "a b" }, "upstashSecret must be a secret's name, not a b"],
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

  it("names all that is wrong at once", () => {
    expect(() => read({ stage: "x", redis: "y" }, {})).toThrow(
      "stage must be dev or prod, not x; redis must be upstash or valkey, not y; no region: set AWS_REGION, or sign in with a profile that has one",
    );
  });

  it("ends the app with that line and nothing else", async () => {
    const run = promisify(execFile)(process.execPath, ["bin/app.ts"], {
      env: { ...process.env, CDK_DEFAULT_REGION: "eu-west-1", CDK_CONTEXT_JSON: '{"stage":"test"}' },
    });
    await expect(run).rejects.toMatchObject({
      code: 1,
      stdout: "",
      stderr: "stage must be dev or prod, not test\n",
    });
    // The CDK takes its time to load.
  }, 60_000);

  it("ends it likewise where the region's certificates are not known", async () => {
    const { rdsAuthorities } = await import("../../lib/compute/rds-authorities.ts");
    expect(() => rdsAuthorities("xx-nowhere-1", false)).toThrow(ConfigError);
  });
});
