import { Duration } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import { S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { headersConnecting } from "../../console/headers.ts";
import { acknowledge } from "../acknowledge.ts";
import { serviceName } from "../compute/service-function.ts";
import type { Config } from "../config.ts";
import { signInOrigin } from "../identity/user-pool.ts";

/** How long browsers take no other way than HTTPS to the console. */
const HTTPS_ONLY = Duration.days(730);

interface ConsoleDistributionProps {
  config: Config;
  bucket: IBucket;
}

/** CloudFront in front of the console's bucket, which nobody else reads. */
export class ConsoleDistribution extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { config, bucket }: ConsoleDistributionProps) {
    super(scope, id);
    const behaviour = {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: this.#headers(config),
    };
    const distribution = new cloudfront.Distribution(this, "Cdn", {
      comment: `QR service's console, ${config.stage}`,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      defaultRootObject: "index.html",
      // The page names the files of its build, and `config.json` those of its deployment: neither may be an old one.
      defaultBehavior: { ...behaviour, cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED },
      additionalBehaviors: {
        // Their names hold a hash of their content.
        "/assets/*": { ...behaviour, cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED },
      },
    });
    this.url = `https://${distribution.distributionDomainName}`;
    acknowledge(distribution, {
      CFR1: "Whoever works with codes does so from wherever they are.",
      CFR2: "It hands out a few public files and takes no input; the firewall stands before the API.",
      CFR3: "The log would hold people's addresses, which the service stores nowhere.",
      CFR4: "CloudFront's own name comes with its own certificate and policy.",
    });
  }

  #headers(config: Config): cloudfront.ResponseHeadersPolicy {
    const {
      "content-security-policy": contentSecurityPolicy = "",
      "referrer-policy": referrerPolicy,
      "x-content-type-options": _nosniff,
      ...others
    } = headersConnecting([apiOrigin(config), issuerOrigin(this, config)]);
    return new cloudfront.ResponseHeadersPolicy(this, "Headers", {
      responseHeadersPolicyName: `${serviceName(config.stage)}-console`,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: {
          referrerPolicy: referrerPolicy as cloudfront.HeadersReferrerPolicy,
          override: true,
        },
        strictTransportSecurity: { accessControlMaxAge: HTTPS_ONLY, override: true },
      },
      customHeadersBehavior: {
        customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
      },
    });
  }
}

/**
 * Where the API may be. Without a domain its name is known only after it is made, and it is made after the console: the
 * page itself then says the very one, and a browser holds to both.
 */
function apiOrigin({ domain, cloudfront: isBehindCloudFront, region }: Config): string {
  if (domain) return `https://${domain.name}`;
  return isBehindCloudFront ? "https://*.cloudfront.net" : `https://*.execute-api.${region}.amazonaws.com`;
}

/** Where people sign in, and tokens come from. */
export function issuerOrigin(scope: Construct, config: Config): string {
  return config.oidc ? new URL(config.oidc.issuer).origin : signInOrigin(scope, config);
}
