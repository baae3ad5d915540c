import { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";
import type { Stage } from "../stage.ts";

/** The least window that WAF counts over, in seconds: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based-request-limiting.html */
const WINDOW_S = 60;

/** Rules that look for URLs, paths or markup where this service's bodies and queries hold a code's target. */
const REFUSE_TARGETS = ["GenericLFI", "GenericRFI", "CrossSiteScripting", "EC2MetaDataSSRF"].flatMap(
  (rule) => [`${rule}_BODY`, `${rule}_QUERYARGUMENTS`],
);

/** Sets of rules that AWS keeps, and those of them that would refuse what this service is for: these only count. */
const MANAGED: Record<string, string[]> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: [],
  AWSManagedRulesCommonRuleSet: [
    ...REFUSE_TARGETS,
    // An import holds thousands of codes; API Gateway has its own bound.
    "SizeRestrictions_BODY",
    // A scan without one is redirected and recorded as a bot's.
    "NoUserAgent_HEADER",
  ],
};

const SCANS: CfnWebACL.StatementProperty = {
  byteMatchStatement: {
    fieldToMatch: { uriPath: {} },
    positionalConstraint: "STARTS_WITH",
    searchString: "/scan/",
    // A code in alphanumeric mode says it in capitals.
    textTransformations: [{ priority: 0, type: "LOWERCASE" }],
  },
};

/** AWS WAF in front of the distribution. */
export class WebFirewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { throttle }: Stage) {
    super(scope, id);
    const limits = [
      rateRule("scan-rate", 0, throttle.scan.rate, SCANS),
      rateRule("rate", 1, throttle.other.rate, { notStatement: { statement: SCANS } }),
    ];
    const managed = Object.entries(MANAGED).map(([name, counted], index) => ({
      name,
      priority: limits.length + index,
      overrideAction: { none: {} },
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name,
          ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
        },
      },
      visibilityConfig: visibility(name),
    }));
    const acl = new CfnWebACL(this, "Acl", {
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      visibilityConfig: visibility("qr-service"),
      rules: [...limits, ...managed],
    });
    this.arn = acl.attrArn;
  }
}

/**
 * Stops an address that by itself sends as much as the API takes from everybody, so that the others are served again.
 * Less would be wrong: thousands of phones share one address of their carrier's, or of a stadium's network.
 */
function rateRule(
  name: string,
  priority: number,
  ratePerS: number,
  scopeDownStatement: CfnWebACL.StatementProperty,
): CfnWebACL.RuleProperty {
  return {
    name,
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement: {
        limit: ratePerS * WINDOW_S,
        evaluationWindowSec: WINDOW_S,
        aggregateKeyType: "IP",
        scopeDownStatement,
      },
    },
    visibilityConfig: visibility(name),
  };
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
