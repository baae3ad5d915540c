import type { Rgb } from "../../core/picture/color.ts";
import { symbolContrast } from "../../core/picture/contrast.ts";
import { type Box, largestCentredBox } from "../../core/picture/damage.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { qrMatrix } from "../../core/picture/matrix.ts";
import { sceneOf } from "../../core/picture/scene.ts";
import { FINDER_SHAPES, MIN_STYLE_CONTRAST, MODULE_SHAPES, type Style } from "../../core/picture/style.ts";
import { svgOf } from "../../core/picture/svg.ts";
import { symbolOf } from "../../core/picture/symbol.ts";
import { DECODERS, type Decoder } from "./decoders.ts";
import { type Distortion, distort } from "./distort.ts";
import { repeatableNumbers, scanUrls } from "./drawn-urls.ts";
import { type Raster, rasterOf } from "./raster.ts";
import { rasterize } from "./scanner.ts";

export interface Trial {
  text: string;
  description: string;
  picture: Raster;
  /** The same text in black on white, as plain as it gets. */
  plain: Raster;
  distortion: Distortion;
  /** Begins the noise. */
  seed: number;
}

const MARGIN = 4;
/** Of the pictures before they are distorted. */
const PX_PER_MODULE = 6;
const PLAIN: Style = {
  modules: "square",
  finders: "square",
  color: [0, 0, 0],
  ring: [0, 0, 0],
  eye: [0, 0, 0],
  ground: [255, 255, 255],
};

/** A random style that the rules let pass, with a logo as large as they let it be in half of the cases, and a random photograph of it. */
export function trial(seed: number, given: Partial<Style> & { logo?: boolean } = {}): Trial {
  const random = repeatableNumbers(seed);
  for (let n = 0; n < 10; n++) random();
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const between = (least: number, most: number) => least + random() * (most - least);
  const text = pick(scanUrls(3, random));
  const ecc = pick(ECC_LEVELS);
  const ground = random() < 0.2 ? "transparent" : colorOn(random, undefined);
  const paper: Rgb = ground === "transparent" ? [255, 255, 255] : ground;
  const style: Style = {
    modules: pick(MODULE_SHAPES),
    finders: pick(FINDER_SHAPES),
    color: colorOn(random, paper),
    ring: colorOn(random, paper),
    eye: colorOn(random, paper),
    ground,
    ...given,
  };
  const matrix = qrMatrix(text, ecc);
  const box =
    (given.logo ?? random() < 0.5)
      ? largestCentredBox(symbolOf(matrix.length, ecc), pick([1, 1, 2, 0.5]))
      : undefined;
  const side = matrix.length + 2 * MARGIN;
  const svg = withLogo(svgOf(sceneOf(matrix, MARGIN, style, box), side * PX_PER_MODULE), box, random);
  const plain = svgOf(sceneOf(matrix, MARGIN, PLAIN), side * PX_PER_MODULE);
  return {
    text,
    description: JSON.stringify({ seed, ecc, side: matrix.length, ...style, logo: box?.width }),
    picture: rasterOf(rasterize(svg)),
    plain: rasterOf(rasterize(plain)),
    distortion: {
      rotation: between(-Math.PI, Math.PI),
      perspective: between(0.85, 1),
      tilt: between(-Math.PI, Math.PI),
      size: side * between(4, 6),
      blur: between(0, 1.2),
      noise: between(0, 12),
    },
    seed,
  };
}

export type Reads = Record<keyof typeof DECODERS, boolean>;

/** Which decoders read the text, of the picture as drawn and as photographed. */
export async function readsOf(picture: Raster, { text, distortion, seed }: Trial): Promise<[Reads, Reads]> {
  const photograph = distort(picture, distortion, repeatableNumbers(seed));
  return [await reads(picture, text), await reads(photograph, text)];
}

async function reads(picture: Raster, text: string): Promise<Reads> {
  const opaque = overPaper(picture);
  const read = Object.entries(DECODERS).map(
    async ([name, decode]: [string, Decoder]) => [name, (await decode(opaque)) === text] as const,
  );
  return Object.fromEntries(await Promise.all(read)) as Reads;
}

/** Decoders take what is transparent for black. */
function overPaper({ width, height, data }: Raster): Raster {
  const opaque = new Uint8ClampedArray(data);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 0) opaque.fill(255, at, at + 4);
  }
  return { width, height, data: opaque };
}

/** A colour that passes on the ground; without one, one on which black passes. */
function colorOn(random: () => number, ground: Rgb | undefined): Rgb {
  for (;;) {
    const color: Rgb = [0, 0, 0].map(() => Math.floor(random() * 256)) as unknown as Rgb;
    if (symbolContrast(ground ? color : [0, 0, 0], ground ?? color) >= MIN_STYLE_CONTRAST) return color;
  }
}

/** A logo of random blocks in black, white and colours: nothing that a decoder could take for the code's own modules is spared. */
function withLogo(svg: string, box: Box | undefined, random: () => number): string {
  if (!box) return svg;
  const blocks = 6;
  // A module of ground is left around it, as around any picture on a page.
  const inset = Math.min(1, box.width / 4, box.height / 4);
  const [width, height] = [(box.width - 2 * inset) / blocks, (box.height - 2 * inset) / blocks];
  const rectangles = Array.from({ length: blocks * blocks }, (_, n) => {
    const [x, y] = [
      MARGIN + box.x + inset + (n % blocks) * width,
      MARGIN + box.y + inset + Math.floor(n / blocks) * height,
    ];
    const hue = ["#000", "#fff", `hsl(${Math.floor(random() * 360)},90%,40%)`][Math.floor(random() * 3)];
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${hue}"/>`;
  });
  return svg.replace("</svg>", `${rectangles.join("")}</svg>`);
}
