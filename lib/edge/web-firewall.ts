import { CfnWebACL } from "aws-cdk-lib/aws-wafv2";
import { Construct } from "constructs";

/** Requests that one address may send in five minutes: a shop's whole network scans less, a script much more. */
const RATE_LIMIT = 3_000;

/** Sets of rules that AWS keeps, and those of them that would refuse what this service is for. */
const MANAGED: Record<string, string[]> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: [],
  AWSManagedRulesCommonRuleSet: [
    // A body of this API holds URLs, which to these rules look like an attempt to include a remote file or to reach
    // an instance's metadata; and it may be larger than 8 kB.
    "GenericRFI_BODY",
    "EC2MetaDataSSRF_BODY",
    "SizeRestrictions_BODY",
    // A scan without one is redirected and recorded as a bot's.
    "NoUserAgent_HEADER",
  ],
};

/** AWS WAF in front of the distribution. */
export class WebFirewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const managed = Object.entries(MANAGED).map(([name, counted], index) => ({
      name,
      priority: index + 1,
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
      rules: [
        {
          name: "rate",
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          statement: { rateBasedStatement: { limit: RATE_LIMIT, aggregateKeyType: "IP" } },
          visibilityConfig: visibility("rate"),
        },
        ...managed,
      ],
    });
    this.arn = acl.attrArn;
  }
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
