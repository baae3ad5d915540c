import type { FieldError } from "../errors.ts";
import { type Rgb, WHITE } from "./color.ts";
import { symbolContrast } from "./contrast.ts";

export const MODULE_SHAPES = ["square", "rounded", "dots"] as const;
export const FINDER_SHAPES = ["square", "rounded"] as const;

export type ModuleShape = (typeof MODULE_SHAPES)[number];
export type FinderShape = (typeof FINDER_SHAPES)[number];

/** A colour of the ground, or none: then the code is meant for light paper. */
export type Ground = Rgb | "transparent";

/** How a code looks, besides its measures. */
export interface Style {
  readonly modules: ModuleShape;
  readonly finders: FinderShape;
  /** Colour of the dark modules. */
  readonly color: Rgb;
  /** Colour of the three rings that a scanner looks for. */
  readonly ring: Rgb;
  /** Colour of what is within them. */
  readonly eye: Rgb;
  readonly ground: Ground;
}

/** More than a plain picture needs: a shape takes some of what a low contrast leaves. From half of full brightness jsQR reads all shapes. */
export const MIN_STYLE_CONTRAST = 0.5;

/** What is wrong with a style's colours. Without a ground they are judged on white paper. */
export function styleProblems({ color, ring, eye, ground }: Style): FieldError[] {
  const paper = ground === "transparent" ? WHITE : ground;
  return Object.entries({ color, ring, eye })
    .filter(([, dark]) => symbolContrast(dark, paper) < MIN_STYLE_CONTRAST)
    .map(([path]) => ({
      path,
      message: `must be darker than the ground by at least ${100 * MIN_STYLE_CONTRAST} % of full brightness`,
    }));
}
