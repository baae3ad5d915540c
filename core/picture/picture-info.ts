import type { Ecc } from "./ecc.ts";

/** What there is to know of a picture before it is printed. Lengths are mm, rounded up to hundredths. */
export interface PictureInfo {
  /** 1 to 40. */
  version: number;
  /** A side of the code, without its quiet zone. */
  modules: number;
  /** The level as it is drawn: `fit` may have raised it. */
  errorCorrection: Ecc;
  /** Of the picture, with quiet zone, frame and caption. */
  widthInModules: number;
  heightInModules: number;
  distanceMm: number;
  /** What the picture must measure at least to be scanned from that distance. */
  leastWidthMm: number;
  leastModuleMm: number;
  /** Of the logo as it is drawn, and at most at each level, in % of the code's width; absent without one. */
  logo?: { size: number; largest: Record<Ecc, number> };
  warnings: Warning[];
}

export interface Warning {
  code: "lower-level" | "shorter-id" | "too-small" | "narrow-quiet-zone" | "dark-ground" | "logo-left-out";
  message: string;
}
