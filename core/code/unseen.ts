/*
 * Invisible characters, by Unicode's properties (https://www.unicode.org/reports/tr44/): white space, controls,
 * formatting characters, whatever is drawn as nothing by default, and characters that will never be assigned. U+2800,
 * Braille without a dot, is a symbol by its properties, and blank. U+FFFD stands where a decoder lost a character, and
 * U+FFFC where an object was.
 */

/** One of them in a URL: none has a place there that an escape could not take. */
export const UNSEEN_IN_URL =
  /[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\ufffd]/u;

/** At least one character that is seen. */
export const SEEN =
  /[^\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\ufffc\ufffd]/u;

/**
 * Characters that have no place in a line of text. Controls and line breaks; those that set the direction of what
 * follows, so that a text reads as another one (the marks U+061C, U+200E and U+200F turn nothing around, and Arabic and
 * Hebrew need them); and what was lost. Joiners, variation selectors and tags stay: scripts and emoji are written with
 * them.
 */
export const UNFIT_IN_TEXT =
  /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\p{Noncharacter_Code_Point}\ufffc\ufffd]/u;

/** A space, or one without a width: soft hyphen, zero-width space, word joiner, byte-order mark. All of them are one unit. */
const SPACE = /[\p{White_Space}\u00ad\u180e\u200b\u2060\ufeff]/u;

/** The most code units that composition makes one of: a Greek letter with three marks. */
const MAX_SHRINKAGE = 4;

/**
 * A text as it is stored and compared: without spaces around it, in normalisation form C. One that has more than `maxLength`
 * code units in any form is left as it is: to order thousands of marks takes long.
 */
export function canonicalText(text: string, maxLength: number): string {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  const trimmed = text.slice(start, end);
  return trimmed.length > MAX_SHRINKAGE * maxLength ? trimmed : trimmed.normalize("NFC");
}
