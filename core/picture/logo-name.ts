/** What a tenant may call a logo. */
export const LOGO_NAME = /^[A-Za-z0-9_-]{1,64}$/;
