/** Codes of one request. */
export const MAX_CODES = 500;

/** Labels of one request: copies cost a line of a page each. */
export const MAX_LABELS = 5_000;
