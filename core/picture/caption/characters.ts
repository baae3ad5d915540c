/**
 * What a caption is written in: Latin with its accents, Greek, Cyrillic, and the usual punctuation. `glyphs.ts` has an
 * outline of each; it is loaded only where a caption is drawn.
 */
export const CAPTION_TEXT =
  /^[ -~\u00a1-\u00ac\u00ae-\u0148\u014a-\u017f\u0386-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490\u0491\u1e9e\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac\u2122\u2191\u2193]*$/;
