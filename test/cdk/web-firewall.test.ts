import { describe, expect, it } from "vitest";
import { stages } from "../../lib/stages.ts";
import { type Resource, resourcesOf, synthesize } from "./synthesized.ts";

interface Rule {
  Name: string;
  Priority: number;
  Statement: {
    RateBasedStatement?: { Limit: number; EvaluationWindowSec: number; ScopeDownStatement: object };
    ManagedRuleGroupStatement?: { RuleActionOverrides: { Name: string; ActionToUse: object }[] };
  };
}

function rulesOf(stage: string): Rule[] {
  const templates = synthesize({ stage, cloudfront: "true" });
  const [[, acl]] = resourcesOf(templates, "AWS::WAFv2::WebACL") as [[string, Resource]];
  return acl.Properties.Rules;
}

describe("AWS WAF", () => {
  it("only counts what would refuse a body or a query that holds a URL", () => {
    const common = rulesOf("prod").find(({ Name }) => Name === "AWSManagedRulesCommonRuleSet");
    const counted = common?.Statement.ManagedRuleGroupStatement?.RuleActionOverrides.filter(
      ({ ActionToUse }) => "Count" in ActionToUse,
    ).map(({ Name }) => Name);
    expect(counted).toEqual(
      expect.arrayContaining([
        "GenericLFI_BODY",
        "CrossSiteScripting_BODY",
        "GenericRFI_QUERYARGUMENTS",
        "GenericRFI_BODY",
        "EC2MetaDataSSRF_BODY",
        "SizeRestrictions_BODY",
      ]),
    );
  });

  it.each(["dev", "prod"] as const)("lets one address of %s send as much as the API takes", (stage) => {
    const { scan, other } = stages[stage].throttle;
    const limits = Object.fromEntries(
      rulesOf(stage).flatMap(({ Name, Statement: { RateBasedStatement: rate } }) =>
        rate ? [[Name, rate.Limit / rate.EvaluationWindowSec]] : [],
      ),
    );
    expect(limits).toEqual({ "scan-rate": scan.rate, rate: other.rate });
  });

  it("counts scans and other requests apart, and each rule has its own place", () => {
    const rules = rulesOf("prod");
    const scopes = rules.flatMap(({ Statement }) => Statement.RateBasedStatement?.ScopeDownStatement ?? []);
    expect(JSON.stringify(scopes[0])).toContain('"SearchString":"/scan/"');
    expect(JSON.stringify(scopes[0])).toContain('"Type":"LOWERCASE"');
    expect(scopes[1]).toEqual({ NotStatement: { Statement: scopes[0] } });
    expect(new Set(rules.map(({ Priority }) => Priority)).size).toBe(rules.length);
  });
});

describe("CloudFront", () => {
  it("hands on a public picture apart from a scan: by the copy that a reader has, and nothing else", () => {
    const templates = synthesize({ stage: "dev", cloudfront: "true", console: "false" });
    const [[, cdn]] = resourcesOf(templates, "AWS::CloudFront::Distribution") as [[string, Resource]];
    const behaviours: { PathPattern: string; OriginRequestPolicyId: object }[] =
      cdn.Properties.DistributionConfig.CacheBehaviors;
    // The first that matches is taken.
    expect(behaviours.map(({ PathPattern }) => PathPattern)).toEqual([
      "/scan/*/picture.*",
      "/SCAN/*/picture.*",
      "/scan/*",
      "/SCAN/*",
    ]);
    const [picture, , scan] = behaviours;
    expect(picture?.OriginRequestPolicyId).not.toEqual(scan?.OriginRequestPolicyId);
    const passedOn = resourcesOf(templates, "AWS::CloudFront::OriginRequestPolicy").find(([id]) =>
      id.includes("PicturePolicy"),
    )?.[1].Properties.OriginRequestPolicyConfig;
    expect(passedOn).toMatchObject({
      HeadersConfig: { HeaderBehavior: "whitelist", Headers: ["if-none-match"] },
      QueryStringsConfig: { QueryStringBehavior: "none" },
      CookiesConfig: { CookieBehavior: "none" },
    });
  });
});
