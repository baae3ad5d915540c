/**
 * The code that the canary scans, counted apart from everybody's: its tenant owns nothing else. The target leads nowhere
 * (https://www.rfc-editor.org/rfc/rfc2606), since nobody follows it.
 */
export const CANARY = {
  tenantId: "qr-canary",
  qrId: "qr-canary",
  targetUrl: "https://canary.invalid/",
} as const;
