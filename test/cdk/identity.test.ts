import { describe, expect, it } from "vitest";
import { SCOPES } from "../../core/auth/scopes.ts";
import { TENANT_CLAIM_CODE } from "../../lib/identity/tenant-claim.ts";
import { type Resource, reader, resourcesOf, synthesize } from "./synthesized.ts";

interface TokenEvent {
  request: {
    userAttributes: Record<string, string>;
    groupConfiguration?: { groupsToOverride?: string[] };
  };
  response?: unknown;
}

function tenantClaim(): (event: TokenEvent) => Promise<TokenEvent> {
  const module: { exports: { handler?: (event: TokenEvent) => Promise<TokenEvent> } } = { exports: {} };
  new Function("exports", TENANT_CLAIM_CODE)(module.exports);
  if (!module.exports.handler) throw new Error("no handler");
  return module.exports.handler;
}

const only = (found: [string, Resource][]): Resource["Properties"] => {
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};

describe("a user pool of the service's own", () => {
  const templates = synthesize({ stage: "prod" });
  const read = reader(templates);

  it("asks its function before it signs a token, in the version that reaches access tokens", () => {
    const { LambdaConfig, ...pool } = only(resourcesOf(templates, "AWS::Cognito::UserPool"));
    expect(LambdaConfig.PreTokenGenerationConfig.LambdaVersion).toBe("V2_0");
    expect(read("api", LambdaConfig.PreTokenGenerationConfig.LambdaArn)).toBe(
      "api/UsersTenantClaimFunction.Arn",
    );
    // The cheaper plan has no such version.
    expect(pool.UserPoolTier).toBe("ESSENTIALS");
    const callers = resourcesOf(templates, "AWS::Lambda::Permission").filter(
      ([, { Properties }]) => Properties.Principal === "cognito-idp.amazonaws.com",
    );
    expect(callers).toHaveLength(1);
  });

  it.each([
    ["tenant_a", ["tenant_a"]],
    ["tenant_a tenant_b", ["tenant_a", "tenant_b"]],
    [" tenant_a \t tenant_b\n", ["tenant_a", "tenant_b"]],
    ["tenant_a,tenant_b", ["tenant_a,tenant_b"]],
  ])("puts the tenants of %j into the access token as an array", async (attribute, tenants) => {
    const answer = await tenantClaim()({ request: { userAttributes: { "custom:tenant_id": attribute } } });
    expect(answer.response).toEqual({
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          claimsToAddOrOverride: { tenant_id: tenants },
          scopesToSuppress: ["qr-service/qr:admin"],
        },
      },
    });
  });

  it("gives somebody without a tenant none", async () => {
    const answer = await tenantClaim()({ request: { userAttributes: { email: "somebody@example.com" } } });
    const none = {
      claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToSuppress: ["qr-service/qr:admin"] } },
    };
    expect(answer.response).toEqual(none);
    const blank = await tenantClaim()({ request: { userAttributes: { "custom:tenant_id": " " } } });
    expect(blank.response).toEqual(none);
  });

  it.each([
    [undefined, ["qr:admin"]],
    [[], ["qr:admin"]],
    [["staff"], ["qr:admin"]],
    [["qr:read"], ["qr:write", "qr:admin"]],
    [["qr:read", "qr:write"], ["qr:admin"]],
    [["qr:admin"], ["qr:read", "qr:write"]],
    [["staff", "qr:read", "qr:write", "qr:admin"], []],
    [["QR:ADMIN", "qr:admin "], ["qr:admin"]],
  ])(
    "takes out of the token of somebody in %j the scopes that those groups do not give",
    async (groups, taken) => {
      const groupConfiguration = groups ? { groupsToOverride: groups } : {};
      const answer = await tenantClaim()({ request: { userAttributes: {}, groupConfiguration } });
      expect(answer.response).toMatchObject({
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { scopesToSuppress: taken.map((scope) => `qr-service/${scope}`) },
        },
      });
    },
  );

  it("has a group for each scope", () => {
    const groups = resourcesOf(templates, "AWS::Cognito::UserPoolGroup");
    expect(groups.map(([, { Properties }]) => Properties.GroupName).sort()).toEqual([...SCOPES].sort());
  });

  it("lets nobody choose their own tenant, or sign up", () => {
    const client = only(resourcesOf(templates, "AWS::Cognito::UserPoolClient"));
    expect(client.WriteAttributes).toEqual(["email"]);
    const pool = only(resourcesOf(templates, "AWS::Cognito::UserPool"));
    expect(pool.AdminCreateUserConfig).toMatchObject({ AllowAdminCreateUserOnly: true });
    expect(pool.Schema).toMatchObject([{ Name: "tenant_id" }]);
    expect(pool.MfaConfiguration).toBe("ON");
  });

  it("signs scopes as the functions ask for them", () => {
    const server = only(resourcesOf(templates, "AWS::Cognito::UserPoolResourceServer"));
    const written = server.Scopes.map(
      ({ ScopeName }: { ScopeName: string }) => `${server.Identifier}/${ScopeName}`,
    );
    const prefixes = resourcesOf(templates, "AWS::Lambda::Function").flatMap(
      ([, { Properties }]) => Properties.Environment?.Variables.SCOPE_PREFIX ?? [],
    );
    const [prefix, ...others] = new Set(prefixes);
    expect(others).toEqual([]);
    expect(written.sort()).toEqual(SCOPES.map((scope) => `${prefix}${scope}`).sort());
    const client = only(resourcesOf(templates, "AWS::Cognito::UserPoolClient"));
    const granted = client.AllowedOAuthScopes.map((scope: unknown) =>
      read("api", scope).replace("api/UsersPoolScopes", "qr-service"),
    );
    expect(granted.sort()).toEqual(["openid", ...written].sort());
    expect(client.AllowedOAuthFlows).toEqual(["code"]);
    expect(client.GenerateSecret).toBe(false);
  });

  it("tells where to sign in", () => {
    const outputs = templates.api?.Outputs ?? {};
    expect(read("api", outputs.SignInUrl?.Value)).toMatch(
      /^https:\/\/api\/UsersPoolDomain\.auth\.eu-west-1\.amazoncognito\.com\/login\?client_id=/,
    );
    expect(read("api", outputs.TokenUrl?.Value)).toMatch(/\/oauth2\/token$/);
  });
});
