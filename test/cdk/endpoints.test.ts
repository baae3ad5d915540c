import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_ROUTE, lambdaOf, type Route, routes } from "../../functions/manifest.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { stages } from "../../lib/stages.ts";
import { linesOf, type Resource, reader, resourcesOf, synthesize, type Templates } from "./synthesized.ts";

const ROUTES: readonly Route[] = routes;
const KEYS = ROUTES.flatMap((route) => {
  const keys = [route.path, ...(route.alsoAt ?? [])].flatMap((path) =>
    route.methods.map((method) => `${method} ${path}`),
  );
  return (route.path === DEFAULT_ROUTE ? [route.path] : keys).map((key) => ({ key, route }));
});

const ISSUER = { issuer: "https://id.example.com/", audience: "qr-api, qr-web" };

describe.each([
  { options: { stage: "dev" }, scopePrefix: "qr-service/" },
  { options: { stage: "prod", ...ISSUER }, scopePrefix: "" },
  { options: { stage: "mini" }, scopePrefix: "qr-service/" },
])("the API with $options", ({ options, scopePrefix }) => {
  const LINES = linesOf(options);
  let templates: Templates;
  let read: ReturnType<typeof reader>;

  beforeAll(() => {
    templates = synthesize(options);
    read = reader(templates);
  });

  const functionOf = (name: string): [string, Resource] => {
    const found = resourcesOf(templates, "AWS::Lambda::Function").find(
      ([, { Properties }]) => Properties.FunctionName === `qr-${options.stage}-${name}`,
    );
    if (!found) throw new Error(`${name} is missing`);
    return found;
  };

  it("has the routes of the table, and none else", () => {
    const keys = resourcesOf(templates, "AWS::ApiGatewayV2::Route").map(
      ([, { Properties }]) => Properties.RouteKey,
    );
    expect(keys.sort()).toEqual(KEYS.map(({ key }) => key).sort());
  });

  it.each(KEYS)(
    "$key leads to its function, with its limit, and with no authorizer of API Gateway's",
    ({ key, route }) => {
      const [, { Properties }] = resourcesOf(templates, "AWS::ApiGatewayV2::Route").find(
        ([, candidate]) => candidate.Properties.RouteKey === key,
      ) as [string, Resource];
      const integration = read("api", Properties.Target).replace("integrations/", "");
      const [, target] = resourcesOf(templates, "AWS::ApiGatewayV2::Integration").find(
        ([id]) => id === integration,
      ) as [string, Resource];
      expect(read("api", target.Properties.IntegrationUri)).toBe(`${functionOf(lambdaOf(route))[0]}.Arn`);
      expect(target.Properties.PayloadFormatVersion).toBe("2.0");
      // It would refuse an API key.
      expect(Properties.AuthorizationType).toBe("NONE");
      const { throttle } = stages[options.stage as "dev"];
      const limit =
        key === DEFAULT_ROUTE ? { rate: 20, burst: 40 } : throttle[route.name === "scan" ? "scan" : "other"];
      const [[, stage]] = resourcesOf(templates, "AWS::ApiGatewayV2::Stage") as [[string, Resource]];
      expect(stage.Properties.RouteSettings[key]).toEqual({
        ThrottlingRateLimit: limit.rate,
        ThrottlingBurstLimit: limit.burst,
      });
    },
  );

  it("hands what scanners leave behind an ID to the scan, and whatever is nobody's to a function that anybody may call", () => {
    const keys = Object.fromEntries(KEYS.map(({ key, route }) => [key, [route.name, route.scope]]));
    for (const method of ["GET", "HEAD"])
      for (const path of ["/scan/{proxy+}", "/SCAN/{qrId}", "/SCAN/{proxy+}"])
        expect(keys[`${method} ${path}`]).toEqual(["scan", undefined]);
    expect(keys[DEFAULT_ROUTE]).toEqual(["no-route", undefined]);
  });

  it("lets API Gateway call each function by its own route alone", () => {
    const permissions = resourcesOf(templates, "AWS::Lambda::Permission")
      .filter(([, { Properties }]) => Properties.Principal === "apigateway.amazonaws.com")
      .map(([, { Properties }]) => read("api", Properties.SourceArn).replace(/^.*?\/\*\/\*/, ""));
    const paths = KEYS.map(({ key }) => (key === DEFAULT_ROUTE ? "" : key.replace(/^\w+ /, "")));
    expect(permissions.sort()).toEqual(paths.sort());
  });

  it("tells each function that takes tokens whose they are, for whom, and how they write scopes", () => {
    expect(resourcesOf(templates, "AWS::ApiGatewayV2::Authorizer")).toEqual([]);
    for (const { name } of LINES.filter(({ uses }) => uses.includes("tenants"))) {
      const { Variables } = functionOf(name)[1].Properties.Environment;
      const given = [Variables.TOKEN_ISSUER, Variables.TOKEN_AUDIENCE].map((value) => read("api", value));
      expect([...given, Variables.SCOPE_PREFIX ?? "", Variables.TOKEN_KEYS_URL]).toEqual(
        options.stage === "prod"
          ? [ISSUER.issuer, "qr-api,qr-web", scopePrefix, undefined]
          : [
              "https://cognito-idp.eu-west-1.amazonaws.com/api/UsersPool",
              "api/UsersPoolClient",
              scopePrefix,
              undefined,
            ],
      );
    }
    expect(resourcesOf(templates, "AWS::Cognito::UserPool")).toHaveLength(options.stage === "prod" ? 0 : 1);
  });

  it("writes an access log without addresses", () => {
    const [[, { Properties }]] = resourcesOf(templates, "AWS::ApiGatewayV2::Stage") as [[string, Resource]];
    expect(Properties.AccessLogSettings.DestinationArn).toBeDefined();
    expect(Properties.AccessLogSettings.Format).not.toMatch(/sourceIp|userAgent|context\.path/);
  });

  it.each(LINES)(
    "$name runs on Node 24 and arm64, traced, logging JSON, and for as long as its line says",
    (line) => {
      const [id, { Properties }] = functionOf(line.name);
      expect(Properties).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
        Timeout: line.timeoutS,
        TracingConfig: { Mode: "Active" },
        LoggingConfig: { LogFormat: "JSON" },
      });
      const stack = id.split("/")[0] as string;
      const [, group] = resourcesOf(templates, "AWS::Logs::LogGroup").find(
        ([logId]) => logId === read(stack, Properties.LoggingConfig.LogGroup),
      ) as [string, Resource];
      expect(group.Properties.RetentionInDays).toBe(stages[options.stage as "dev"].logDays);
    },
  );

  it.each(LINES)("$name is given what it uses: its environment passes its own check", (line) => {
    const [id, { Properties }] = functionOf(line.name);
    const stack = id.split("/")[0] as string;
    const given = Object.fromEntries(
      Object.entries(Properties.Environment.Variables).map(([name, value]) => [name, read(stack, value)]),
    );
    // What only exists once deployed, and what is read from secrets.
    const deployed = {
      ...given,
      ...(given.PUBLIC_BASE_URL
        ? { PUBLIC_BASE_URL: "https://abc123.execute-api.eu-west-1.amazonaws.com" }
        : {}),
      ...(given.DATABASE_URL
        ? {
            DATABASE_URL: given.DATABASE_URL.replace(/@[^:]+:/, "@db.example.com:").replace(
              /@.*:5432/,
              "@db.example.com:5432",
            ),
          }
        : {}),
      ...(given.MSK_CLUSTER_ARN
        ? { MSK_CLUSTER_ARN: "arn:aws:kafka:eu-west-1:123456789012:cluster/qr-dev/abc" }
        : {}),
      ...(given.VISITOR_KEY_SECRET_ARN ? { VISITOR_KEY: "x".repeat(64) } : {}),
    };
    expect(() => readEnv(line.uses, deployed)).not.toThrow();
    if (!line.uses.includes("redis")) return;
    expect(given.REDIS_URL ?? given.UPSTASH_SECRET_ARN).toBeDefined();
    const { list, code, link } = stages[options.stage as "dev"].lifetimes;
    expect(given).toMatchObject({
      LIST_TTL_S: String(list),
      CODE_TTL_S: String(code),
      LINK_TTL_S: String(link),
    });
  });
});

describe("the issuer's keys, where no way leads to it", () => {
  const templates = synthesize({ stage: "prod", redis: "valkey" });
  const read = reader(templates);
  const functions = resourcesOf(templates, "AWS::Lambda::Function");
  const variablesOf = (name: string) =>
    functions.find(([, { Properties }]) => Properties.FunctionName === `qr-prod-${name}`)?.[1].Properties
      .Environment.Variables;
  const COPY = "https://api/IssuerKeysBucket.s3.eu-west-1.AWS::URLSuffix/keys.json";

  it("are copied by a function outside of the network, at deploy and every five minutes, from the issuer", () => {
    const { ISSUER_KEYS_COPY, TOKEN_KEYS_URL } = variablesOf("copy-issuer-keys");
    expect(read("api", ISSUER_KEYS_COPY)).toBe(COPY);
    expect(TOKEN_KEYS_URL).toBeUndefined();
    const rates = resourcesOf(templates, "AWS::Events::Rule")
      .filter(([, { Properties }]) => Properties.Description.includes("CopyIssuerKeys"))
      .map(([, { Properties }]) => Properties.ScheduleExpression);
    expect(rates).toEqual(["rate(5 minutes)"]);
    expect(resourcesOf(templates, "Custom::Trigger").map(([id]) => id)).toContain("api/AtDeploy");
  });

  it("are read from the copy, by the network's own endpoint alone", () => {
    for (const name of ["list", "patch", "keys"])
      expect(read("api", variablesOf(name).TOKEN_KEYS_URL)).toBe(COPY);
    const [, policy] =
      resourcesOf(templates, "AWS::S3::BucketPolicy").find(([id]) => id.includes("IssuerKeys")) ?? [];
    const allowed = policy?.Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === "Allow",
    );
    expect(allowed).toMatchObject([{ Action: "s3:GetObject", Principal: { AWS: "*" } }]);
    expect(read("api", allowed[0].Condition.StringEquals["aws:SourceVpce"])).toBe("network/NetworkVpcS3");
    expect(read("api", allowed[0].Resource)).toBe("api/IssuerKeysBucket.Arn/keys.json");
  });
});

describe("options of the API", () => {
  it("answers under its own name alone", () => {
    const templates = synthesize({ stage: "dev", domain: "qr.example.com", hostedZoneId: "Z0123456789ABC" });
    const [[, api]] = resourcesOf(templates, "AWS::ApiGatewayV2::Api") as [[string, Resource]];
    expect(api.Properties.DisableExecuteApiEndpoint).toBe(true);
    expect(
      resourcesOf(templates, "AWS::Route53::RecordSet")
        .map(([, { Properties }]) => `${Properties.Type} ${Properties.Name}`)
        .sort(),
      // API Gateway has no address of IPv6.
    ).toEqual(["A qr.example.com."]);
    expect(resourcesOf(templates, "AWS::ApiGatewayV2::ApiMapping")).toHaveLength(1);
    const functions = resourcesOf(templates, "AWS::Lambda::Function").map(
      ([, { Properties }]) => Properties.Environment?.Variables.PUBLIC_BASE_URL,
    );
    expect(new Set(functions.filter(Boolean))).toEqual(new Set(["https://qr.example.com"]));
  });

  it("lets the scripts of the named origins call it, and of no other", () => {
    const cors = (options: Record<string, string>) =>
      resourcesOf(synthesize({ ...options, console: "false" }), "AWS::ApiGatewayV2::Api")[0]?.[1].Properties
        .CorsConfiguration;
    expect(cors({ stage: "dev" })).toBeUndefined();
    expect(cors({ stage: "dev", origins: "https://a.example.com,http://localhost:5173" })).toEqual({
      AllowOrigins: ["https://a.example.com", "http://localhost:5173"],
      AllowMethods: ["GET", "HEAD", "POST", "PATCH", "DELETE", "PUT"],
      AllowHeaders: expect.arrayContaining(["authorization", "idempotency-key", "if-match", "if-none-match"]),
      ExposeHeaders: expect.arrayContaining(["retry-after", "etag", "link", "location", "x-request-id"]),
      MaxAge: 3_600,
    });
  });

  it("takes of scripts every method that a route takes", () => {
    const [[, api]] = resourcesOf(synthesize({ stage: "dev", origins: "*" }), "AWS::ApiGatewayV2::Api") as [
      [string, Resource],
    ];
    const methods = new Set(ROUTES.flatMap((route) => route.methods));
    expect(api.Properties.CorsConfiguration.AllowMethods.sort()).toEqual([...methods].sort());
  });
});
