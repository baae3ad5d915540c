/** What a tenant may call a logo. */
export const LOGO_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What a style says of its logo: empty for none, over a default that has one. */
export const LOGO_OR_NONE = /^[A-Za-z0-9_-]{0,64}$/;
