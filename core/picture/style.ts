import type { Rgb } from "./color.ts";

export const MODULE_SHAPES = ["square", "rounded", "dots"] as const;
export const FINDER_SHAPES = ["square", "rounded", "circle"] as const;

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
