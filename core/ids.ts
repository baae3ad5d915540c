/** A code's ID: what a caller may choose, and what a printed scan URL may hold. */
export const QR_ID = /^[A-Za-z0-9_-]{3,64}$/;

/** A tenant's ID: none of its characters has a meaning in a Redis key or pattern. */
export const TENANT_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** An ID whose scan URL fits a QR code's alphanumeric mode. */
export const ALPHANUMERIC_ID = /^[0-9A-Z-]{3,64}$/;

/**
 * Stands for a tenant's default style where a change names a code: in its key and among the pending invalidations. No code
 * can have it as its ID.
 */
export const STYLE_ENTRY = ".style";
