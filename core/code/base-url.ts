import { UNSEEN_IN_URL } from "./unseen.ts";

/** Every character makes the picture denser: this is far more than a short URL needs, and always fits. */
const MAX_LENGTH = 255;

/** What a proxy may read as another path than a scanner does, once decoded. */
const AMBIGUOUS = /[\\/?#%]/;

/**
 * Says why scan URLs can't be printed below `value`, or `undefined` if they can. A printed URL can't be taken back, so
 * whatever software reads in two ways is refused: a query, a fragment, credentials, doubled slashes, blanks.
 */
export function baseUrlProblem(value: string): string | undefined {
  if (UNSEEN_IN_URL.test(value) || !value.isWellFormed())
    return "must not contain blanks or invisible characters";
  if (!/^https?:\/\/[^/\\]/i.test(value) || !URL.canParse(value))
    return "must be a URL, https://… or http://…";
  const { origin, pathname, href } = new URL(value);
  if (/^[^/]*\/\/[^/?#]*@/.test(value)) return "must not contain a user name or password";
  if (/[?#]/.test(value)) return "must not contain a query or a fragment";
  if (value.includes("\\")) return "must not contain a backslash";
  if (origin.replace(/:\d+$/, "").endsWith(".")) return "must not have a dot after its host";
  if (pathname.includes("//")) return "must not contain doubled slashes";
  if (!pathname.split("/").every(isPlain)) return "must not contain escaped blanks or separators";
  return href.length > MAX_LENGTH ? `must have at most ${MAX_LENGTH} characters when encoded` : undefined;
}

/** A base URL as it is printed: ASCII, since decoders disagree about other characters, and without a slash at its end. */
export function printedBaseUrl(value: string): string {
  return new URL(value).href.replace(/\/$/, "");
}

/** What alphanumeric mode has (ISO/IEC 18004, Table 5), but for the blank. */
const ALPHANUMERIC = /^[0-9A-Z$%*+\-./:]*$/;

/**
 * The base URL in capitals, or `undefined` if it has a path that is not: scheme and host mean the same in either case, and
 * a path does not.
 *
 * @param printed as `printedBaseUrl` gives it
 */
export function baseUrlInCapitals(printed: string): string | undefined {
  const [, origin = "", path = ""] = /^([^/]*\/\/[^/]*)(.*)$/.exec(printed) ?? [];
  const inCapitals = `${origin.toUpperCase()}${path}`;
  return ALPHANUMERIC.test(inCapitals) ? inCapitals : undefined;
}

/** Whether a path segment means the same to everyone who decodes it. */
function isPlain(segment: string): boolean {
  try {
    const text = decodeURIComponent(segment);
    return !AMBIGUOUS.test(text) && !UNSEEN_IN_URL.test(text);
  } catch {
    return false;
  }
}
