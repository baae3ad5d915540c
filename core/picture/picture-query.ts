import { type FieldError, Invalid } from "../errors.ts";
import { colorProblems } from "./design.ts";
import { MEASURES_OF, type Measures, measuresIn, type PictureFormat } from "./measures.ts";
import { type PictureStyle, withQuery } from "./picture-style.ts";
import { STYLE_MEMBERS } from "./style-schema.ts";

type Query = Readonly<Record<string, string | undefined>>;

/** What a query says of a picture. */
export interface PictureQuery {
  /** In place of what is stored, member by member. */
  readonly style: PictureStyle;
  /** Whether a logo that is too large is to be fitted. */
  readonly fit: boolean;
  readonly measures: Measures;
}

const STYLE_NAMES = Object.keys(STYLE_MEMBERS) as (keyof PictureStyle)[];

/** Members that are numbers, which a query writes in digits. */
const NUMBERS: ReadonlySet<string> = new Set(["margin", "logoSize"] satisfies (keyof PictureStyle)[]);

/**
 * Reads a query, whose values are checked as those of a stored style are.
 *
 * @throws Invalid naming each value that is out of bounds and each parameter that the format does not have
 */
export function parsePictureQuery(query: Query, format: PictureFormat): PictureQuery {
  const problems: FieldError[] = [];
  const known: readonly string[] = ["format", "fit", ...STYLE_NAMES, ...MEASURES_OF[format]];
  for (const path of Object.keys(query)) {
    if (!known.includes(path)) problems.push({ path, message: `is not a parameter of a ${format} reply` });
  }
  const measures = measuresIn(query, problems);
  if (format === "svg" && query.size !== undefined && query.width !== undefined)
    problems.push({ path: "size", message: "must not be given beside width" });
  const style = styleIn(query, problems);
  problems.push(...hopelessColors(style));
  if (query.fit !== undefined && query.fit !== "true" && query.fit !== "false")
    problems.push({ path: "fit", message: "must be true or false" });
  if (problems.length > 0) throw new Invalid(problems);
  return { style, fit: query.fit === "true", measures };
}

function styleIn(query: Query, problems: FieldError[]): PictureStyle {
  const style: Record<string, unknown> = {};
  for (const path of STYLE_NAMES) {
    const text = query[path];
    if (text === undefined) continue;
    // Digits alone: JavaScript would read more as a number.
    const given = NUMBERS.has(path) && /^\d{1,9}$/.test(text) ? Number(text) : text;
    const parsed = STYLE_MEMBERS[path].safeParse(given);
    if (parsed.success) style[path] = parsed.data;
    else problems.push({ path, message: parsed.error.issues[0]?.message ?? "is not valid" });
  }
  return style;
}

/** Colours that no other colour would make good: what is stored is yet to be read. */
function hopelessColors(style: PictureStyle): FieldError[] {
  const { color, background } = style;
  if (color !== undefined && background !== undefined) return colorProblems(style);
  if (color !== undefined) return colorProblems({ color });
  return background === undefined ? [] : colorProblems({ background });
}

/**
 * The style that a query makes of a stored one.
 *
 * @throws Invalid if colours of the two can't be told apart
 */
export function queriedStyle(stored: PictureStyle, query: PictureStyle): PictureStyle {
  const style = withQuery(stored, query);
  const problems = colorProblems(style, query);
  if (problems.length > 0) throw new Invalid(problems);
  return style;
}
