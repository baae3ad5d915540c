/** What a caller may be allowed to do. None implies another. */
export const SCOPES = ["qr:read", "qr:write", "qr:admin"] as const;

export type Scope = (typeof SCOPES)[number];

/** Whether a text names a scope of this service. */
export function isScope(text: unknown): text is Scope {
  return (SCOPES as readonly unknown[]).includes(text);
}
