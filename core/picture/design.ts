import type { FieldError } from "../errors.ts";
import { BLACK, parseHex, type Rgb, WHITE } from "./color.ts";
import { contrastProblem } from "./contrast.ts";
import type { Ecc } from "./ecc.ts";
import { MARGIN } from "./options.ts";
import type { Frame, PictureStyle } from "./picture-style.ts";
import { type Style, styleProblems } from "./style.ts";

/** Survives damage to 15 %: some dirt and scratches, at modules hardly smaller than at L. */
const DEFAULT_ECC: Ecc = "M";

/** A frame stands outside of the quiet zone that the standard asks for. */
const MARGIN_IN_FRAME = 4;

/** A style with all its defaults: what is drawn. */
export interface Design {
  readonly look: Style;
  /** In modules. */
  readonly margin: number;
  readonly ecc: Ecc;
  /** Width of the logo in % of the code's, if it was given. */
  readonly logoSize: number | undefined;
  readonly frame: Frame;
  /** Empty for none. */
  readonly caption: string;
}

/** @param style checked by `styleSchema` */
export function designOf(style: PictureStyle): Design {
  const color = rgb(style.color, BLACK);
  const ring = rgb(style.ring, color);
  const { frame = "none", caption = "", margin = MARGIN.default } = style;
  return {
    look: {
      modules: style.modules ?? "square",
      finders: style.finders ?? "square",
      color,
      ring,
      eye: rgb(style.eye, ring),
      ground: style.background === "transparent" ? "transparent" : rgb(style.background, WHITE),
    },
    margin: frame === "none" ? margin : Math.max(margin, MARGIN_IN_FRAME),
    ecc: style.ecc ?? DEFAULT_ECC,
    logoSize: style.logoSize,
    frame,
    caption,
  };
}

/**
 * Whether two colours and squares are all that there is to draw.
 *
 * @param hasLogo what the design does not know
 */
export function isPlain({ look, frame, caption }: Design, hasLogo: boolean): boolean {
  const { modules, finders, color, ring, eye, ground } = look;
  const isOneColor = [ring, eye].every((other) => other.join() === color.join());
  const isBare = frame === "none" && caption === "" && !hasLogo;
  return isBare && isOneColor && modules === "square" && finders === "square" && ground !== "transparent";
}

/**
 * What is wrong with a design's colours. What is plain may have less contrast than a style: a shape takes some of what
 * there is.
 *
 * @param given names of what the request says, to tell which of two colours is at fault
 */
export function colorProblems(style: PictureStyle, given: PictureStyle = style): FieldError[] {
  const design = designOf(style);
  const { look } = design;
  if (!isPlain(design, Boolean(style.logo)) || look.ground === "transparent") return styleProblems(look);
  const message = contrastProblem(look.color, look.ground);
  const path = given.color === undefined && given.background !== undefined ? "background" : "color";
  return message === undefined ? [] : [{ path, message }];
}

function rgb(hex: string | undefined, absent: Rgb): Rgb {
  return (hex === undefined ? undefined : parseHex(hex)) ?? absent;
}
