import type { ScanMode } from "../../data/redis/link-cache.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";

/**
 * Where a browser or an app says that it fetches ahead of a person: `Sec-Purpose` of the Fetch standard, `Purpose` of
 * Chromium and WebKit before it, `X-Purpose` of Safari and Facebook, `X-Moz` of Firefox. CloudFront has to hand each on.
 */
export const PURPOSE_HEADERS = ["sec-purpose", "purpose", "x-purpose", "x-moz"] as const;

/** With or without parameters and other purposes beside it: `prefetch;prerender`, `preview`. */
const AHEAD = /\b(?:prefetch|prerender|preview)\b/i;

/** A look at where a code leads is not a scan: HEAD, a prefetch, a prerendering, a preview. */
export function modeOf(event: Pick<AuthorizedEvent, "headers" | "requestContext">, bot: boolean): ScanMode {
  const { headers, requestContext } = event;
  if (requestContext.http.method === "HEAD") return "peek";
  for (const name of PURPOSE_HEADERS) {
    const purpose = headers[name];
    if (purpose !== undefined && AHEAD.test(purpose)) return "peek";
  }
  return bot ? "bot" : "scan";
}
