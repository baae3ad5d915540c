import { Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledge.ts";
import { COUNTRY_HEADER, VIEWER_ADDRESS_HEADER } from "../compute/environment.ts";
import type { Config } from "../config.ts";
import type { EdgeStack } from "../edge/edge-stack.ts";

/** What a scan looks at. CloudFront hands on ten headers at most, next to those that it adds. */
const SCAN_HEADERS = [
  COUNTRY_HEADER,
  VIEWER_ADDRESS_HEADER,
  "accept",
  "purpose",
  "referer",
  "sec-purpose",
  "user-agent",
  "x-moz",
  "x-purpose",
];

interface DistributionProps {
  config: Config;
  api: HttpApi;
  edge: EdgeStack;
}

/** CloudFront in front of the API. It caches nothing; it adds the visitor's country and stops attacks at the edge. */
export class Distribution extends Construct {
  readonly url: string;
  readonly cdn: cloudfront.IDistribution;

  constructor(scope: Construct, id: string, { config, api, edge }: DistributionProps) {
    super(scope, id);
    const { domain } = config;
    const origin = new HttpOrigin(`${api.apiId}.execute-api.${config.region}.${Stack.of(this).urlSuffix}`, {
      protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
    });
    const behaviour = {
      origin,
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      // A redirect that was stored would defeat the next edit and the next count.
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    };
    const scans = { ...behaviour, originRequestPolicy: this.#scanPolicy() };
    const pictures = { ...behaviour, originRequestPolicy: this.#picturePolicy() };
    const distribution = new cloudfront.Distribution(this, "Cdn", {
      comment: `QR service, ${config.stage}`,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      webAclId: edge.firewallArn,
      ...(domain && edge.certificate
        ? {
            domainNames: [domain.name],
            certificate: edge.certificate,
            minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
          }
        : {}),
      defaultBehavior: {
        ...behaviour,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        // API Gateway finds the API by its own host name.
        originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
      // The first whose pattern a path matches is its own.
      additionalBehaviors: {
        "/scan/*/picture.*": pictures,
        "/SCAN/*/picture.*": pictures,
        "/scan/*": scans,
        // In capitals, as a code in alphanumeric mode says it: CloudFront tells the case of a path.
        "/SCAN/*": scans,
      },
    });
    this.cdn = distribution;
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}`;
    acknowledge(distribution, {
      CFR1: "A code is printed to be scanned wherever it is.",
      CFR3: "The log would hold visitors' addresses, which the service stores nowhere; the API logs each request without.",
      ...(domain
        ? {}
        : {
            CFR4: "CloudFront's own name comes with its own certificate and policy; a domain sets TLS 1.2.",
          }),
    });
  }

  #scanPolicy(): cloudfront.OriginRequestPolicy {
    return new cloudfront.OriginRequestPolicy(this, "ScanPolicy", {
      headerBehavior: cloudfront.OriginRequestHeaderBehavior.allowList(...SCAN_HEADERS),
      queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.none(),
      cookieBehavior: cloudfront.OriginRequestCookieBehavior.none(),
    });
  }

  /** A public picture is asked for by its path and by the copy that a reader has: nothing else of a reader is handed on. */
  #picturePolicy(): cloudfront.OriginRequestPolicy {
    return new cloudfront.OriginRequestPolicy(this, "PicturePolicy", {
      headerBehavior: cloudfront.OriginRequestHeaderBehavior.allowList("if-none-match"),
      queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.none(),
      cookieBehavior: cloudfront.OriginRequestCookieBehavior.none(),
    });
  }
}
