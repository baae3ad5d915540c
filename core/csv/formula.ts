/*
 * A spreadsheet runs a cell as a formula if it begins with one of these
 * (https://owasp.org/www-community/attacks/CSV_Injection), the full-width forms in Japanese and Chinese ones. An apostrophe
 * before it makes it text.
 */

const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;
const DEFUSED = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet runs. What looks defused already gets one more apostrophe, so that `restored` undoes it. */
export function defused(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text that `defused` was given. Any other text that it could not have made is left as it is. */
export function restored(cell: string): string {
  return DEFUSED.test(cell) ? cell.slice(1) : cell;
}
