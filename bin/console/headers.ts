import type { ConsoleConfig } from "../../console/config.ts";

/**
 * What each of the console's files is sent with: scripts and styles come from its own origin alone, no string becomes
 * markup, and nobody frames it.
 */
export function consoleHeaders({ api, issuer, server }: ConsoleConfig): Record<string, string> {
  const called = [api, ...(server ? Object.values(server) : [issuer])].filter((url) => /^https?:/.test(url));
  const connect = ["'self'", ...new Set(called.map((url) => new URL(url).origin))].join(" ");
  const policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    // Pictures are asked for with a token, and shown from memory.
    "img-src": "'self' blob: data:",
    "connect-src": connect,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return {
    "content-security-policy": Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  };
}
