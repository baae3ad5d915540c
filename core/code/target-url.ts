import { UNSEEN_IN_URL } from "./unseen.ts";

/** Longest accepted target: what every browser and proxy still carries in a `Location` header. */
export const MAX_URL_LENGTH = 2_048;

/**
 * Says what forbids `value` as a redirect target, or `undefined` if nothing does.
 *
 * Allowed is an absolute `http` or `https` URL of at most 2,048 characters (also after normalisation) without
 * credentials, white space or invisible characters, that is not one of this service's own scan URLs: a code that
 * points at a code would count twice and can loop.
 *
 * @param publicBaseUrl where this service's scan URLs live, e.g. `https://qr.example.com`
 */
export function targetUrlProblem(value: string, publicBaseUrl: string): string | undefined {
  if (value.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters`;
  if (UNSEEN_IN_URL.test(value) || !value.isWellFormed()) {
    return "must not contain white space or invisible characters";
  }
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
  if (!url) return "must be an absolute http or https URL";
  if (url.username !== "" || url.password !== "") return "must not contain a user name or password";
  if (url.href.length > MAX_URL_LENGTH) return `must have at most ${MAX_URL_LENGTH} characters when encoded`;
  if (isScanUrl(url, new URL(publicBaseUrl))) return "must not be a scan URL of this service";
  return undefined;
}

/** The target as it stands in a `Location` header: ASCII only, so that no character can end the header. */
export function redirectLocation(targetUrl: string): string {
  return new URL(targetUrl).href;
}

function isScanUrl(url: URL, base: URL): boolean {
  if (hostOf(url) !== hostOf(base)) return false;
  // With a slash of its own, since `pathOf` folds those of `/scan//`, which is routed as a scan.
  return `${pathOf(url)}/`.startsWith(`${pathOf(base)}/scan/`);
}

/** Scheme-blind, so that http and https count as the same place; a trailing dot names the same host. */
function hostOf(url: URL): string {
  return `${url.hostname.replace(/\.$/, "")}:${url.port || "default"}`;
}

/**
 * The path as a proxy or a router may read it: escapes decoded, doubled slashes folded, the dot segments that this
 * brings to light resolved, letters in one case, no slash at the end.
 */
function pathOf(url: URL): string {
  const decoded = url.pathname.replace(/%[0-9a-f]{2}/gi, (escaped) =>
    String.fromCharCode(Number.parseInt(escaped.slice(1), 16)),
  );
  const segments: string[] = [];
  for (const segment of decoded.toLowerCase().split(/[/\\]+/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.map((segment) => `/${segment}`).join("");
}
