import type { Ecc } from "./ecc.ts";
import type { FinderShape, ModuleShape } from "./style.ts";

/** A line around the picture, or that line with a band at its foot in which the caption stands. */
export const FRAMES = ["none", "line", "banner"] as const;

export type Frame = (typeof FRAMES)[number];

/** In % of the code's width, without its quiet zone. */
export const LOGO_SIZE = { min: 1, max: 50, default: 20 };

/** In UTF-16 code units, all of which a caption's characters are. */
export const MAX_CAPTION = 40;

/**
 * How a picture is to look, as a code or a tenant stores it and a query says it. What is absent is left to whatever is
 * asked next: the query, the code, the tenant's default, and the service's own defaults.
 */
export interface PictureStyle {
  modules?: ModuleShape | undefined;
  finders?: FinderShape | undefined;
  /** Colour of the dark modules, `#rrggbb`. */
  color?: string | undefined;
  /** Colour of the finders' rings; that of the modules unless it is given. */
  ring?: string | undefined;
  /** Colour within the rings; theirs unless it is given. */
  eye?: string | undefined;
  /** `#rrggbb`, or `transparent`. */
  background?: string | undefined;
  /** Quiet zone on each side, in modules. */
  margin?: number | undefined;
  ecc?: Ecc | undefined;
  /** The name of one of the tenant's logos; empty for none. */
  logo?: string | undefined;
  /** Its width, as `LOGO_SIZE` measures it. Without one it is the default, or what fits if that is less. */
  logoSize?: number | undefined;
  frame?: Frame | undefined;
  caption?: string | undefined;
}

const COLORS = ["color", "ring", "eye", "background"] as const;

/**
 * One style over another. Colours come from one of them: each was checked for its contrast, and a mixture was not.
 */
export function styleOver(upper: PictureStyle | null, lower: PictureStyle | null): PictureStyle {
  const below = { ...lower };
  if (upper && COLORS.some((name) => upper[name] !== undefined))
    for (const name of COLORS) delete below[name];
  return withQuery(below, upper ?? {});
}

/** A style with what a query says in place of it, member by member: the result is to be checked. */
export function withQuery(style: PictureStyle, query: PictureStyle): PictureStyle {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return { ...style, ...Object.fromEntries(given) };
}
