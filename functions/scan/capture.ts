import { isIP } from "node:net";
import { isBot } from "../../core/scan/bot.ts";
import type { CapturedScan } from "../../core/scan/captured-scan.ts";
import { newEventId } from "../../core/scan/event-id.ts";
import { visitorPseudonym } from "../../core/scan/visitor.ts";
import { fromXRay } from "../../core/telemetry/traces.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";

/** Longer ones are cut, if need be in the middle of a character: no browser needs more, and the event stays small. */
const MAX_USER_AGENT = 512;

/** ISO 3166-1 alpha-2, or what a CDN writes where it does not know (`XX`, `T1` for Tor). */
const COUNTRY = /^[A-Z][A-Z0-9]$/;

/**
 * CloudFront writes `198.51.100.10:46532` and `2001:db8::1:4653`, without brackets, which alone could as well be an
 * address without a port. Other headers hold a bare address, or write an IPv6 one with its port in brackets.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html
 */
const ALWAYS_WITH_PORT = "cloudfront-viewer-address";

const PORT = /^\d{1,5}$/;

export interface CaptureSettings {
  visitorKey: string;
  /** The header in which a CDN reports the country, in lower case; `undefined` without a CDN. */
  countryHeader: string | undefined;
  /** Likewise the header in which it reports the visitor's address and port. */
  addressHeader: string | undefined;
  /** The tracing header that Lambda has for the invocation; `undefined` elsewhere. */
  traceHeader?: () => string | undefined;
}

/** What is kept of a scan's request: the IP address goes into the pseudonym and no further. */
export function captureScan(
  event: Pick<AuthorizedEvent, "headers" | "requestContext">,
  qrId: string,
  now: number,
  settings: CaptureSettings,
): CapturedScan {
  const { headers } = event;
  const address = viewerAddress(headers, settings.addressHeader) ?? event.requestContext.http.sourceIp;
  const userAgent = (headers["user-agent"] ?? "").slice(0, MAX_USER_AGENT).toWellFormed();
  const traceparent = fromXRay(settings.traceHeader?.());
  const country = settings.countryHeader ? headers[settings.countryHeader] : undefined;
  return {
    eventId: newEventId(),
    qrId,
    occurredAt: now,
    bot: isBot(userAgent),
    country: country !== undefined && COUNTRY.test(country) ? country : null,
    userAgent,
    referrerHost: hostOf(headers.referer),
    visitor: visitorPseudonym(settings.visitorKey, now, address, userAgent),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** The address without its port, which changes with each connection; `undefined` for a request past the CDN. */
function viewerAddress(headers: AuthorizedEvent["headers"], name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const reported = headers[name] ?? "";
  const forms = [withoutPort(reported), reported.replace(/^\[(.*)\]$/, "$1")];
  if (name !== ALWAYS_WITH_PORT) forms.reverse();
  return forms.find((address) => isIP(address) !== 0);
}

/** What stands before the last colon, if a port stands behind it. */
function withoutPort(reported: string): string {
  const portAt = reported.lastIndexOf(":");
  const address = reported.slice(0, Math.max(0, portAt)).replace(/^\[(.*)\]$/, "$1");
  return PORT.test(reported.slice(portAt + 1)) ? address : "";
}

function hostOf(referrer: string | undefined): string | null {
  if (!referrer || !URL.canParse(referrer)) return null;
  return new URL(referrer).hostname.slice(0, 253) || null;
}
