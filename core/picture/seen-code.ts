import { type Rgb, WHITE } from "./color.ts";
import type { Box } from "./damage.ts";
import type { LogoImage } from "./logo-image.ts";
import type { Matrix } from "./matrix.ts";
import { decodedLogo } from "./raster.ts";
import { DOT_RADIUS, touches } from "./scene.ts";
import type { Style } from "./style.ts";

/** How bright a picture is at a place, 0 to 1. Measures are modules from the symbol's corner. */
export type Brightness = (x: number, y: number) => number;

/** A code with a logo in it, before it is drawn. */
export interface CodeWithLogo {
  readonly matrix: Matrix;
  readonly logo: LogoImage;
  readonly box: Box;
  /** Where no module is drawn. */
  readonly cleared: Box;
  readonly look: Pick<Style, "modules" | "color" | "ground">;
}

/** What a camera sees of a code: its ground and its modules, with finders and corners taken for plain ones, and its logo. */
export function brightnessOf({ matrix, logo, box, cleared, look }: CodeWithLogo): Brightness {
  const paper = paperOf(look);
  const [ground, dark] = [lumaOf(paper), lumaOf(look.color)];
  const inLogo = logoBrightness(logo, box, paper);
  const isDot = (x: number, y: number) => Math.hypot((x % 1) - 0.5, (y % 1) - 0.5) <= DOT_RADIUS;
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (isWithin(box, x, y)) return inLogo(x, y);
    if (touches(cleared, column, row)) return ground;
    return matrix[row]?.[column] && (look.modules !== "dots" || isDot(x, y)) ? dark : ground;
  };
}

/** A transparent ground is meant for white paper. */
export function paperOf({ ground }: Pick<Style, "ground">): Rgb {
  return ground === "transparent" ? WHITE : ground;
}

/** ITU-R BT.601, 0 to 1. */
export function lumaOf([red, green, blue]: Rgb): number {
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

function logoBrightness(logo: LogoImage, box: Box, paper: Rgb): Brightness {
  const { width, height, data } = decodedLogo(logo.png);
  return (x, y) => {
    const column = Math.min(width - 1, Math.floor(((x - box.x) / box.width) * width));
    const row = Math.min(height - 1, Math.floor(((y - box.y) / box.height) * height));
    const at = 4 * (row * width + column);
    const alpha = (data[at + 3] ?? 0) / 255;
    const channel = (n: 0 | 1 | 2) => (data[at + n] ?? 0) * alpha + paper[n] * (1 - alpha);
    return lumaOf([channel(0), channel(1), channel(2)]);
  };
}

function isWithin(box: Box, x: number, y: number): boolean {
  return x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}
