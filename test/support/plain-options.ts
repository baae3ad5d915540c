import { WHITE } from "../../core/picture/color.ts";
import { designOf } from "../../core/picture/design.ts";
import { DEFAULT_SIZE, type PlainOptions } from "../../core/picture/options.ts";
import { parsePictureQuery, queriedStyle } from "../../core/picture/picture-query.ts";

/** What a query says of a plain picture, checked as an endpoint checks it. `format` is no option of a picture. */
export function plainOptions(
  { format: _format, ...query }: Record<string, string>,
  format: "svg" | "png",
): PlainOptions {
  const { style, measures } = parsePictureQuery(query, format);
  const { margin, ecc, look } = designOf(queriedStyle({}, style));
  const size = measures.px ?? DEFAULT_SIZE[format];
  const background = look.ground === "transparent" ? WHITE : look.ground;
  return { ...(size === undefined ? {} : { size }), margin, ecc, color: look.color, background };
}
