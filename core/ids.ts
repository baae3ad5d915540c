/** A code's ID: what a caller may choose, and what a printed scan URL may hold. */
export const QR_ID = /^[A-Za-z0-9_-]{3,64}$/;

/** A tenant's ID: none of its characters has a meaning in a Redis key or pattern. */
export const TENANT_ID = /^[A-Za-z0-9_-]{1,64}$/;
