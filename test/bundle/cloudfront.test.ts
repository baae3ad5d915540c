import { describe, expect, it } from "vitest";
import { captureScan } from "../../functions/scan/capture.ts";
import { modeOf } from "../../functions/scan/mode.ts";
import { resourcesOf, synthesize } from "../cdk/synthesized.ts";
import { gatewayRequest } from "../support/gateway-request.ts";

/** What a stage's template tells scans about the headers of a CDN. */
function headersOf(options: Record<string, string>) {
  const templates = synthesize({ stage: "dev", ...options });
  const [, scan] =
    resourcesOf(templates, "AWS::Lambda::Function").find(
      ([, { Properties }]) => Properties.FunctionName === "qr-dev-scan",
    ) ?? [];
  const { COUNTRY_HEADER, VIEWER_ADDRESS_HEADER } = scan?.Properties.Environment.Variables ?? {};
  const passedOn = resourcesOf(templates, "AWS::CloudFront::OriginRequestPolicy")
    .filter(([id]) => id.includes("ScanPolicy"))
    .flatMap(([, { Properties }]) => Properties.OriginRequestPolicyConfig.HeadersConfig.Headers as string[]);
  return { read: [COUNTRY_HEADER, VIEWER_ADDRESS_HEADER], passedOn };
}

/** The names of the headers that a scan looks at. */
function headersLookedAt(countryHeader: string, addressHeader: string): string[] {
  const names = new Set<string>();
  const headers = new Proxy<Record<string, string>>({}, { get: (_, name) => void names.add(String(name)) });
  const event = { ...gatewayRequest({ claims: null }), headers };
  captureScan(event, "qr-1", 0, { visitorKey: "x".repeat(32), countryHeader, addressHeader });
  modeOf(event, false);
  return [...names];
}

describe("a scan behind CloudFront", () => {
  it("is passed every header that it looks at", () => {
    const { read, passedOn } = headersOf({ cloudfront: "true" });
    const lookedAt = headersLookedAt(...(read as [string, string]));
    expect(lookedAt).toEqual(
      expect.arrayContaining(["user-agent", "sec-purpose", "purpose", "x-purpose", "x-moz"]),
    );
    // `Accept` chooses between the page for a person and the problem for a program.
    expect(new Set(passedOn)).toEqual(new Set([...lookedAt, "accept"]));
  });

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
