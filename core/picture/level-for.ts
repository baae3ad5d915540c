import { Unscannable } from "../errors.ts";
import { holds, lengthOf, type Mode, maxLength, modeOf } from "./capacity.ts";
import { designOf } from "./design.ts";
import { ECC_LEVELS, type Ecc } from "./ecc.ts";
import type { PictureStyle } from "./picture-style.ts";

const UNITS: Record<Mode, string> = {
  numeric: "digits",
  alphanumeric: "characters",
  bytes: "bytes",
  utf8: "bytes",
};

/**
 * A style in which a code holds a text of any length: where nobody asked for a level, the highest up to the style's own at
 * which it does.
 *
 * @param path of the request, that the text was made of
 * @param asked the level that the request names
 * @throws Unscannable with how much each level holds
 */
export function styleWithRoom(
  text: string,
  style: PictureStyle,
  path: string,
  asked: Ecc | undefined,
): PictureStyle {
  const { ecc } = designOf(style);
  if (holds(text, ecc)) return style;
  const lower = ECC_LEVELS.slice(0, ECC_LEVELS.indexOf(ecc)).findLast((level) => holds(text, level));
  if (asked === undefined && lower !== undefined) return { ...style, ecc: lower };
  throw new Unscannable([{ path, message: tooLong(text, ecc) }]);
}

function tooLong(text: string, ecc: Ecc): string {
  const mode = modeOf(text);
  const unit = UNITS[mode];
  const limits = ECC_LEVELS.map((level) => `${maxLength(mode, level)} at ${level}`);
  return `takes ${lengthOf(text)} ${unit} in a QR code, which holds at most ${maxLength(mode, ecc)} at ${ecc} (${limits.join(", ")})`;
}
