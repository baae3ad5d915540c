import { rmSync } from "node:fs";
import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { service } from "./synthesized.ts";

const OWN_ISSUER = { issuer: "https://id.example.com/", audience: "qr" };
const DOMAIN = { domain: "qr.example.com", hostedZoneId: "Z0123456789ABC" };

/** Each option both ways, in each stage. */
const OPTIONS: Record<string, string>[] = [
  { stage: "mini" },
  { stage: "mini", console: "false" },
  { stage: "mini", events: "msk", ...DOMAIN, databaseInstance: "t4g.small" },
  { stage: "dev", events: "direct" },
  { stage: "dev" },
  { stage: "dev", redis: "valkey", proxy: "true", ...OWN_ISSUER },
  { stage: "dev", ...OWN_ISSUER, consoleClientId: "console" },
  { stage: "dev", cloudfront: "true", origins: "*" },
  { stage: "dev", ...DOMAIN, alarmEmail: "somebody@example.com" },
  { stage: "prod" },
  { stage: "prod", redis: "valkey", ...OWN_ISSUER, ...DOMAIN },
  { stage: "prod", proxy: "false", cloudfront: "true", ...DOMAIN },
  { stage: "prod", redis: "valkey", cloudfront: "true", ...OWN_ISSUER },
  { stage: "prod", console: "false", ...DOMAIN },
];

type Acknowledged = { id: string; reason: string }[];

function acknowledgedOn(construct: IConstruct): Acknowledged {
  return construct.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => (Array.isArray(data) ? data : [data]))
    .flatMap((data) =>
      "id" in data ? [data] : Object.entries(data).map(([id, reason]) => ({ id, reason })),
    ) as Acknowledged;
}

/** The findings of AWS's rules on an app: those that nobody has acknowledged, and all there are. */
function findingsOf(app: IConstruct, all: boolean): string[] {
  const pack = new AwsSolutionsChecks(app);
  if (all) Object.assign(pack, { isAcknowledged: () => false });
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    );
}

const used = new Set<string>();
const acknowledged = new Map<string, string>();

describe.each(OPTIONS)("with %o", (options) => {
  const { app } = service(options);

  it("has no finding of AWS's rules that nobody has given a reason for", () => {
    for (const construct of app.node.findAll()) {
      for (const { id, reason } of acknowledgedOn(construct)) {
        // The CDK acknowledges findings of its own rules for its own constructs.
        if (id.includes("AwsSolutions-")) acknowledged.set(`${construct.node.path} ${id}`, reason);
      }
    }
    for (const finding of findingsOf(app, true)) used.add(finding);
    expect(findingsOf(app, false)).toEqual([]);
  });

  describe("synthesized under CloudFormation's own rules", () => {
    let templates: string;
    let messages: string[];
    beforeAll(() => {
      process.env.CDK_VALIDATION = "true";
      const { stacks, directory } = app.synth();
      templates = JSON.stringify(stacks.map(({ template }) => template));
      messages = stacks.flatMap((stack) => stack.messages.map(({ entry }) => String(entry.data)));
      rmSync(directory, { recursive: true });
    });
    afterAll(() => {
      process.env.CDK_VALIDATION = "false";
    });

    it("warns of nothing", () => expect(messages).toEqual([]));

    it("holds no secret", () => {
      // It could only come in by a reference that is resolved into the template, or as a literal.
      const suspects = [
        /\{\{resolve:(secretsmanager|ssm-secure)[^}]*/,
        /"(MasterUserPassword|AuthToken|SecretString|ClientSecret|Password)":/,
        /"(UPSTASH_REDIS_REST_TOKEN|VISITOR_KEY|KAFKA_PASSWORD)":/,
        /postgres:\/\/[^"@/]*:[^"@/]*@/,
      ];
      expect(suspects.flatMap((suspect) => suspect.exec(templates)?.[0] ?? [])).toEqual([]);
    });
  });
});

describe("acknowledgements", () => {
  it("each give a reason, and each answer a finding", () => {
    expect(acknowledged.size).toBeGreaterThan(10);
    for (const [where, reason] of acknowledged) expect(reason.length, where).toBeGreaterThan(20);
    const unused = [...acknowledged.keys()].filter((where) => {
      const [path, rule] = where.split(" Annotation::AwsSolutions-") as [string, string];
      return ![...used].some(
        (finding) => finding.startsWith(path) && finding.endsWith(` AwsSolutions-${rule}`),
      );
    });
    expect(unused).toEqual([]);
  });
});
