import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildConsole } from "../../bin/console/build.ts";
import type { ConsoleConfig } from "../../console/config.ts";
import { connectedBy, consoleHeaders } from "../../console/headers.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import { linesOf, type Resource, reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

const OWN_ISSUER = { issuer: "https://id.example.com/realm", audience: "qr", consoleClientId: "console" };
const DOMAIN = { domain: "qr.example.com", hostedZoneId: "Z0123456789ABC" };

const SETTINGS = { config: "/qr-prod/console/config", policy: "/qr-prod/console/policy" };
const CONSOLE = "https://console/DistributionCdn.DomainName";
const SIGN_IN = "https://qr-prod-AWS::AccountId.auth.eu-west-1.amazoncognito.com";

/** CloudFront's own policies: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

function only(templates: Templates, type: string, where = ""): Resource["Properties"] {
  const found = resourcesOf(templates, type).filter(([id]) => id.startsWith(where));
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
}

/** What the API's stack writes for the console's content. */
function settingOf(templates: Templates, name: string): string {
  const found = resourcesOf(templates, "AWS::SSM::Parameter").find(
    ([, { Properties }]) => Properties.Name === name,
  );
  return reader(templates)("api", found?.[1].Properties.Value);
}

const configOf = (templates: Templates) => JSON.parse(settingOf(templates, SETTINGS.config)) as ConsoleConfig;

/** All that CloudFront adds to each file. */
function headersOf(templates: Templates): Record<string, string> {
  const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = only(
    templates,
    "AWS::CloudFront::ResponseHeadersPolicy",
  ).ResponseHeadersPolicyConfig;
  const all = [...Object.values(security), ...custom.Items] as { Override: boolean }[];
  expect(all.every(({ Override }) => Override)).toBe(true);
  return {
    "content-security-policy": reader(templates)(
      "console",
      security.ContentSecurityPolicy.ContentSecurityPolicy,
    ),
    "referrer-policy": security.ReferrerPolicy.ReferrerPolicy,
    "strict-transport-security": `max-age=${security.StrictTransportSecurity.AccessControlMaxAgeSec}`,
    "x-content-type-options": security.ContentTypeOptions ? "nosniff" : "",
    ...Object.fromEntries(
      custom.Items.map(({ Header, Value }: { Header: string; Value: string }) => [Header, Value]),
    ),
  };
}

const withoutConnect = (policy = "") => policy.replace(/connect-src [^;]+/, "connect-src");

describe("the console's files", () => {
  const templates = synthesize({ stage: "prod" });
  const distribution = only(templates, "AWS::CloudFront::Distribution").DistributionConfig;

  it("lie in a bucket that nobody but its distribution reads", () => {
    expect(only(templates, "AWS::S3::Bucket", "console/").PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    const { Statement } = only(templates, "AWS::S3::BucketPolicy", "console/").PolicyDocument;
    const allowed = Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow");
    expect(allowed).toMatchObject([
      { Action: "s3:GetObject", Principal: { Service: "cloudfront.amazonaws.com" } },
    ]);
    expect(reader(templates)("console", allowed[0].Condition.StringEquals["AWS:SourceArn"])).toMatch(
      /:distribution\/console\/DistributionCdn$/,
    );
    const [origin] = distribution.Origins;
    expect(origin.S3OriginConfig).toEqual({ OriginAccessIdentity: "" });
    expect(reader(templates)("console", origin.OriginAccessControlId)).toMatch(/OriginAccessControl\.Id$/);
    expect(only(templates, "AWS::CloudFront::OriginAccessControl").OriginAccessControlConfig).toMatchObject({
      OriginAccessControlOriginType: "s3",
      SigningBehavior: "always",
    });
  });

  it("are kept at the edge if their names hold a hash, and never otherwise", () => {
    expect(distribution.DefaultRootObject).toBe("index.html");
    expect(distribution.DefaultCacheBehavior).toMatchObject({ CachePolicyId: CACHING_DISABLED });
    expect(distribution.CacheBehaviors).toMatchObject([
      { PathPattern: "/assets/*", CachePolicyId: CACHING_OPTIMIZED, Compress: true },
    ]);
    for (const behaviour of [distribution.DefaultCacheBehavior, ...distribution.CacheBehaviors]) {
      expect(behaviour.ViewerProtocolPolicy).toBe("redirect-to-https");
      expect(reader(templates)("console", behaviour.ResponseHeadersPolicyId)).toBe(
        "console/DistributionHeaders",
      );
    }
  });

  it("come hashed files first, and those of earlier builds stay", () => {
    const [hashed, page] = ["content/HashedCustomResource", "content/PageCustomResource"].map((name) =>
      resourcesOf(templates, "Custom::CDKBucketDeployment").find(([id]) => id === name),
    ) as [[string, Resource], [string, Resource]];
    expect(hashed[1].Properties).toMatchObject({
      DestinationBucketKeyPrefix: "assets",
      Prune: false,
      SystemMetadata: { "cache-control": "public, max-age=31536000, immutable" },
    });
    expect(page[1].Properties).toMatchObject({
      Prune: false,
      SystemMetadata: { "cache-control": "no-cache" },
    });
    const [hashedId] = Object.entries(templates.content?.Resources ?? {}).find(
      ([, resource]) => resource === hashed[1],
    ) as [string, Resource];
    expect(page[1].DependsOn).toContain(hashedId);
    // What is not kept at the edge needs no invalidation.
    expect(JSON.stringify(templates.content)).not.toContain("cloudfront:CreateInvalidation");
  });

  it("are written by a function that may do nothing else", () => {
    const { Policies, ManagedPolicyArns } = only(templates, "AWS::IAM::Role", "content/");
    expect(ManagedPolicyArns).toBeUndefined();
    expect(resourcesOf(templates, "AWS::IAM::Policy").filter(([id]) => id.startsWith("content/"))).toEqual(
      [],
    );
    const actions = Policies[0].PolicyDocument.Statement.flatMap(({ Action }: { Action: string }) => Action);
    expect(actions.sort()).toEqual([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ]);
  });

  it("are the built ones, the page with a place for the policy before anything that it loads", async () => {
    const folder = await buildConsole();
    expect(readdirSync(folder).sort()).toEqual(["assets", "index.html"]);
    const page = readFileSync(join(folder, "index.html"), "utf8");
    expect(page.indexOf('<meta charset="utf-8">\n')).toBeGreaterThan(0);
    expect(page.indexOf('<meta charset="utf-8">\n')).toBeLessThan(page.search(/<(link|script|style)/));
  });
});

describe("the headers of the console", () => {
  const HSTS = { "strict-transport-security": "max-age=63072000" };

  it.each([[{ ...DOMAIN }], [{ ...DOMAIN, cloudfront: "true" }], [{ ...DOMAIN, ...OWN_ISSUER }]])(
    "are the local gateway's, and HTTPS for ever, with %o",
    (options) => {
      const templates = synthesize({ stage: "prod", ...options });
      const config = configOf(templates);
      // A host is written in small letters, which an account's number is anyway.
      const expected = consoleHeaders(JSON.parse(JSON.stringify(config).replaceAll("AWS::AccountId", "123")));
      const found = headersOf(templates);
      found["content-security-policy"] =
        found["content-security-policy"]?.replace("AWS::AccountId", "123") ?? "";
      expect(found).toEqual({ ...expected, ...HSTS });
    },
  );

  it.each([
    [{}, "https://*.execute-api.eu-west-1.amazonaws.com", "https://api/ApiHttp.ApiEndpoint"],
    [{ cloudfront: "true" }, "https://*.cloudfront.net", "https://api/DistributionCdn.DomainName"],
  ])(
    "leave open which name of AWS's the API has with %o, which the page itself says",
    (options, anyOf, api) => {
      const templates = synthesize({ stage: "prod", ...options });
      const policy = headersOf(templates)["content-security-policy"];
      expect(policy).toContain(`connect-src 'self' ${anyOf} ${SIGN_IN};`);
      const local = consoleHeaders({ ...configOf(templates), api: "", server: {} as never });
      expect(withoutConnect(policy)).toBe(withoutConnect(local["content-security-policy"]));
      const said = settingOf(templates, SETTINGS.policy);
      expect(said.replace("api/ApiHttp", "https://api/ApiHttp")).toBe(`connect-src 'self' ${api} ${SIGN_IN}`);
    },
  );
});

describe("what the console is told at deploy", () => {
  const templates = synthesize({ stage: "prod", origins: "https://app.example.com" });

  it("is where the API is, and who signs in: Cognito, with the scopes as it writes them", () => {
    expect(configOf(templates)).toEqual({
      api: "api/ApiHttp.ApiEndpoint",
      issuer: "https://cognito-idp.eu-west-1.amazonaws.com/api/UsersPool",
      clientId: "api/UsersPoolClient",
      scopes: ["openid", ...SCOPES.map((scope) => `qr-service/${scope}`)],
      scopePrefix: "qr-service/",
      tenantClaim: "tenant_id",
      server: {
        authorization_endpoint: `${SIGN_IN}/oauth2/authorize`,
        token_endpoint: `${SIGN_IN}/oauth2/token`,
        revocation_endpoint: `${SIGN_IN}/oauth2/revoke`,
      },
      signOutUrl: `${SIGN_IN}/logout?client_id=api/UsersPoolClient&logout_uri=${CONSOLE}/`,
      dashboardUrl:
        "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/qr-prod",
    });
  });

  it("is the domain of Cognito's page, and the dashboard's name, as they are made", () => {
    const domain = only(templates, "AWS::Cognito::UserPoolDomain").Domain;
    expect(`https://${reader(templates)("api", domain)}.auth.eu-west-1.amazoncognito.com`).toBe(SIGN_IN);
    expect(only(templates, "AWS::CloudWatch::Dashboard").DashboardName).toBe("qr-prod");
  });

  it("is an issuer of somebody's own, by its own client", () => {
    const own = configOf(synthesize({ stage: "prod", ...OWN_ISSUER, ...DOMAIN, tenantClaim: "org" }));
    expect(own).toMatchObject({
      api: "https://qr.example.com",
      issuer: "https://id.example.com/realm",
      clientId: "console",
      scopes: ["openid", ...SCOPES],
      scopePrefix: "",
      tenantClaim: "org",
    });
    expect(connectedBy(own)).toEqual(["https://qr.example.com", "https://id.example.com"]);
  });

  it("reaches the content as parameters, which may change while it is deployed", () => {
    const { Parameters = {}, Resources = {} } = templates.content ?? {};
    const read = Object.values(Parameters as Record<string, { Default?: string }>).map(
      ({ Default }) => Default,
    );
    expect(read).toEqual(expect.arrayContaining(Object.values(SETTINGS)));
    expect(JSON.stringify(Resources)).not.toContain("qr-prod-api:");
  });

  it("lets its origin call the API, beside those that are configured", () => {
    const { CorsConfiguration } = only(templates, "AWS::ApiGatewayV2::Api");
    expect(CorsConfiguration.AllowOrigins.map((origin: unknown) => reader(templates)("api", origin))).toEqual(
      ["https://app.example.com", CONSOLE],
    );
    const any = synthesize({ stage: "dev", origins: "*" });
    expect(only(any, "AWS::ApiGatewayV2::Api").CorsConfiguration.AllowOrigins).toEqual(["*"]);
  });

  it("makes Cognito lead people back to it", () => {
    const { CallbackURLs, LogoutURLs } = only(templates, "AWS::Cognito::UserPoolClient");
    const read = (urls: unknown[]) => urls.map((url) => reader(templates)("api", url));
    expect(read(CallbackURLs)).toEqual(["http://localhost:8400/", `${CONSOLE}/`]);
    expect(read(LogoutURLs)).toEqual([`${CONSOLE}/`]);
  });
});

describe("the console's stacks", () => {
  it("are the distribution before the API, and its content last", () => {
    const stacks = Object.keys(synthesize({ stage: "prod" }));
    expect(stacks.indexOf("console")).toBeGreaterThanOrEqual(0);
    expect(stacks.indexOf("console")).toBeLessThan(stacks.indexOf("api"));
    expect(stacks.slice(-3)).toEqual(["api", "monitoring", "content"]);
  });

  it.each([
    [{ console: "false" }],
    // Nobody could sign in to it.
    [{ issuer: OWN_ISSUER.issuer, audience: OWN_ISSUER.audience }],
  ])("are left out with %o, with all that is there for them", (options) => {
    const templates = synthesize({ stage: "prod", ...options });
    expect(Object.keys(templates)).not.toEqual(expect.arrayContaining(["console"]));
    expect(Object.keys(templates)).not.toEqual(expect.arrayContaining(["content"]));
    expect(only(templates, "AWS::ApiGatewayV2::Api").CorsConfiguration).toBeUndefined();
    expect(JSON.stringify(templates)).not.toMatch(/DistributionCdn|\/console\/(config|policy)/);
  });

  it("add no function of the service's own", () => {
    const names = resourcesOf(synthesize({ stage: "prod" }), "AWS::Lambda::Function").filter(
      ([id, { Properties }]) => id.startsWith("content/") && Properties.FunctionName,
    );
    expect(names).toEqual([]);
    expect(linesOf({ stage: "prod" }).length).toBeGreaterThan(10);
  });
});
