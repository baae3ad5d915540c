import { type FieldError, Invalid } from "../errors.ts";
import { BLACK, parseHex, type Rgb, WHITE } from "./color.ts";
import { contrastProblem } from "./contrast.ts";
import { ECC_LEVELS, type Ecc } from "./ecc.ts";
import type { Style } from "./style.ts";

export type PictureFormat = "svg" | "png";

/** How a code is drawn. Every value is within its bounds once it comes from {@link parsePictureOptions}. */
export interface PictureOptions {
  /** Width and height in px; an SVG without one has whole pixels a module. */
  readonly size?: number;
  /** Quiet zone on each side, in modules. */
  readonly margin: number;
  readonly ecc: Ecc;
  /** Colour of the dark modules. */
  readonly color: Rgb;
  /** Colour of the light modules and of the quiet zone. */
  readonly background: Rgb;
}

/** The look of a plain picture in these colours. */
export function styleOf({ color, background }: PictureOptions): Style {
  return { modules: "square", finders: "square", color, ring: color, eye: color, ground: background };
}

/** What a query may say of a picture. */
export const PICTURE_PARAMETERS = ["size", "margin", "ecc", "color", "background"] as const;

/** In px. 2,048 prints 17 cm at 300 dpi; what is larger is better drawn from the SVG. */
export const SIZE = { min: 64, max: 2048 };

/**
 * In modules. ISO/IEC 18004 asks for 4; less is for a page that leaves white space of its own. Beyond four
 * times the standard the picture is mostly blank, and the space around it is a matter of layout.
 */
export const MARGIN = { min: 0, max: 16, default: 4 };

/** In px. An SVG's follows from its code; 512 has room for a pixel per module of any code at any margin (177 + 2 × 16). */
export const DEFAULT_SIZE = { svg: undefined, png: 512 } as const;

/** Survives damage to 15 %: some dirt and scratches, at modules hardly smaller than at L. */
const DEFAULT_ECC: Ecc = "M";

/**
 * Reads `size` (64–2048 px), `margin` (0–16 modules), `ecc` (L, M, Q or H), `color` and `background` (hex,
 * `#` optional) from a query; other keys are not looked at. What is absent gets its default: 512 px for a
 * PNG and 8 px a module for an SVG, margin 4, ecc M, black on white.
 *
 * Throws one Invalid that lists every problem: a value out of bounds, or colours that scanners cannot tell apart.
 */
export function parsePictureOptions(
  query: Record<string, string | undefined>,
  format: PictureFormat,
): PictureOptions {
  const problems: FieldError[] = [];
  const size = readWhole("size", query.size, SIZE, problems) ?? DEFAULT_SIZE[format];
  const margin = readWhole("margin", query.margin, MARGIN, problems) ?? MARGIN.default;
  const ecc = readEcc(query.ecc, problems);
  const color = readColor("color", query.color, BLACK, problems);
  const background = readColor("background", query.background, WHITE, problems);
  if (color && background) {
    const message = contrastProblem(color, background);
    const path = query.color === undefined ? "background" : "color";
    if (message !== undefined) problems.push({ path, message });
  }
  if (problems.length > 0 || !ecc || !color || !background) throw new Invalid(problems);
  return { ...(size === undefined ? {} : { size }), margin, ecc, color, background };
}

function readWhole(
  path: string,
  value: string | undefined,
  { min, max }: { min: number; max: number },
  problems: FieldError[],
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= min && number <= max) return number;
  problems.push({ path, message: `must be a whole number from ${min} to ${max}` });
  return undefined;
}

function readEcc(value: string | undefined, problems: FieldError[]): Ecc | undefined {
  if (value === undefined) return DEFAULT_ECC;
  const ecc = ECC_LEVELS.find((level) => level === value);
  if (!ecc) problems.push({ path: "ecc", message: `must be one of ${ECC_LEVELS.join(", ")}` });
  return ecc;
}

function readColor(
  path: string,
  value: string | undefined,
  absent: Rgb,
  problems: FieldError[],
): Rgb | undefined {
  if (value === undefined) return absent;
  const color = parseHex(value);
  if (!color) problems.push({ path, message: "must be a hex color such as 1a2b3c or #1a2b3c" });
  return color;
}
