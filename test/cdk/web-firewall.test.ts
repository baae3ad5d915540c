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
