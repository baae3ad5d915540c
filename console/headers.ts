import type { ConsoleConfig } from "./config.ts";

/** What each of the console's files is sent with, by a config whose addresses are known. */
export function consoleHeaders(config: ConsoleConfig): Record<string, string> {
  return headersConnecting(connectedBy(config));
}

/** The origins that the console calls, beside its own. */
export function connectedBy({ api, issuer, server }: ConsoleConfig): string[] {
  const called = [api, ...(server ? Object.values(server) : [issuer])].filter((url) => /^https?:/.test(url));
  return [...new Set(called.map((url) => new URL(url).origin))];
}

/** The directive that lets the console call `origins`, and itself. */
export function connectDirective(origins: readonly string[]): string {
  return ["connect-src", "'self'", ...origins].join(" ");
}

/**
 * What each of the console's files is sent with: scripts and styles come from its own origin alone, no string becomes
 * markup, and nobody frames it.
 *
 * @param origins that it calls, beside its own
 */
export function headersConnecting(origins: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Pictures are asked for with a token, and shown from memory.
    "img-src 'self' blob: data:",
    connectDirective(origins),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  };
}
