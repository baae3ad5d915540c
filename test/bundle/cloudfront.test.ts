import { describe, expect, it } from "vitest";
import { resourcesOf, synthesize } from "../cdk/synthesized.ts";

/** What a stage's template tells scans about the headers of a CDN. */
function headersOf(options: Record<string, string>) {
  const templates = synthesize({ stage: "dev", ...options });
  const [, scan] =
    resourcesOf(templates, "AWS::Lambda::Function").find(
      ([, { Properties }]) => Properties.FunctionName === "qr-dev-scan",
    ) ?? [];
  const { COUNTRY_HEADER, VIEWER_ADDRESS_HEADER } = scan?.Properties.Environment.Variables ?? {};
  const passedOn = resourcesOf(templates, "AWS::CloudFront::OriginRequestPolicy").flatMap(
    ([, { Properties }]) => Properties.OriginRequestPolicyConfig.HeadersConfig.Headers as string[],
  );
  return { read: [COUNTRY_HEADER, VIEWER_ADDRESS_HEADER], passedOn };
}

describe("a scan behind CloudFront", () => {
  it("reads the visitor's country and address where CloudFront tells them, and is passed both", () => {
    const { read, passedOn } = headersOf({ cloudfront: "true" });
    expect(read).toEqual(["cloudfront-viewer-country", "cloudfront-viewer-address"]);
    expect(passedOn).toEqual(expect.arrayContaining(read));
    // CloudFront takes ten at most. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    expect(passedOn.length).toBeLessThanOrEqual(10);
  });

  it("believes neither header without CloudFront, since anyone could send it", () => {
    expect(headersOf({})).toEqual({ read: [undefined, undefined], passedOn: [] });
  });
});
