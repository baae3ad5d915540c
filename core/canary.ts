/**
 * The code that the canary scans. Its tenant owns nothing else, so its scans stay out of every other tenant's figures.
 * The target is a reserved domain (https://www.rfc-editor.org/rfc/rfc2606): the canary does not follow the redirect.
 */
export const CANARY = {
  tenantId: "qr-canary",
  qrId: "qr-canary",
  targetUrl: "https://canary.invalid/",
} as const;
