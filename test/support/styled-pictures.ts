import { encode } from "fast-png";
import { type Rgb, toHex } from "../../core/picture/color.ts";
import { symbolContrast } from "../../core/picture/contrast.ts";
import { designOf } from "../../core/picture/design.ts";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { layOut } from "../../core/picture/layout.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import { FRAMES, type PictureStyle } from "../../core/picture/picture-style.ts";
import type { Pixels } from "../../core/picture/pixels.ts";
import { rasterOf as drawn } from "../../core/picture/raster.ts";
import { FINDER_SHAPES, MIN_STYLE_CONTRAST, MODULE_SHAPES } from "../../core/picture/style.ts";
import { svgOf } from "../../core/picture/svg.ts";
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
  plain(): Raster;
  distortion: Distortion;
  /** Begins the noise. */
  seed: number;
}

/** Of the pictures before they are distorted. */
const PX_PER_MODULE = 6;

/** As large as the rule allows, at the level that was chosen. */
const LARGEST = 50;

/**
 * A random style that the rules let pass, with a logo as large as they let it be in half of the cases, a frame or a caption
 * in some, and a random photograph of it.
 */
export function trial(seed: number, given: PictureStyle & { hasLogo?: boolean; text?: string } = {}): Trial {
  const { hasLogo, text: fixed, ...fixedStyle } = given;
  const random = repeatableNumbers(seed);
  for (let n = 0; n < 10; n++) random();
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const between = (least: number, most: number) => least + random() * (most - least);
  const anyText = pick(scanUrls(3, random));
  const text = fixed ?? anyText;
  const ground = random() < 0.2 ? "transparent" : colorOn(random, undefined);
  const paper: Rgb = ground === "transparent" ? [255, 255, 255] : ground;
  const style: PictureStyle = {
    ecc: pick(ECC_LEVELS),
    modules: pick(MODULE_SHAPES),
    finders: pick(FINDER_SHAPES),
    color: toHex(colorOn(random, paper)),
    ring: toHex(colorOn(random, paper)),
    eye: toHex(colorOn(random, paper)),
    background: ground === "transparent" ? ground : toHex(ground),
    frame: random() < 0.7 ? "none" : pick(FRAMES),
    caption: random() < 0.7 ? "" : pick(["Scan me", "Größe & Preis", "Меню", "W".repeat(20)]),
    ...fixedStyle,
  };
  const logo = (hasLogo ?? random() < 0.5) ? randomLogo(random, pick([1, 1, 2, 0.5])) : undefined;
  const layout = layOut(text, designOf({ ...style, ...(logo ? { logoSize: LARGEST } : {}) }), logo, "omit");
  const { scene } = layout;
  const px = scene.width * PX_PER_MODULE;
  // What a browser draws of the SVG, and the service itself as PNG.
  const picture = seed % 2 === 0 ? rasterOf(rasterize(svgOf(scene, { px }))) : clamped(drawn(scene, px));
  return {
    text,
    description: JSON.stringify({
      seed,
      modulesASide: layout.matrix.length,
      ...style,
      logo: layout.logoSize,
    }),
    picture,
    plain: () => {
      const { scene: plain } = layOut(text, designOf({ ecc: style.ecc }), undefined, "omit");
      return rasterOf(rasterize(svgOf(plain, { px: plain.width * PX_PER_MODULE })));
    },
    distortion: {
      rotation: between(-Math.PI, Math.PI),
      perspective: between(0.85, 1),
      tilt: between(-Math.PI, Math.PI),
      size: scene.width * between(4, 6),
      blur: between(0, 1.2),
      noise: between(0, 12),
    },
    seed,
  };
}

function clamped({ width, height, data }: Pixels): Raster {
  return { width, height, data: new Uint8ClampedArray(data) };
}

export type Reads = Record<keyof typeof DECODERS, boolean>;

/** Which decoders read the text of a picture as it is drawn. */
export function readsAsDrawn({ picture, text }: Trial): Promise<Reads> {
  return reads(picture, text);
}

/** Which decoders read it in a photograph. @param picture the trial's own, or its plain one */
export function readsOfPhotograph(tried: Trial, picture = tried.picture): Promise<Reads> {
  return reads(distort(picture, tried.distortion, repeatableNumbers(tried.seed)), tried.text);
}

async function reads(picture: Raster, text: string): Promise<Reads> {
  const opaque = overPaper(picture);
  const read = Object.entries(DECODERS).map(
    async ([name, decode]: [string, Decoder]) => [name, (await decode(opaque)) === text] as const,
  );
  return Object.fromEntries(await Promise.all(read)) as Reads;
}

/** Decoders know no transparency. */
function overPaper({ width, height, data }: Raster): Raster {
  const opaque = new Uint8ClampedArray(data);
  for (let at = 0; at < data.length; at += 4) {
    const alpha = (data[at + 3] ?? 255) / 255;
    for (let channel = at; channel < at + 3; channel++)
      opaque[channel] = (data[channel] ?? 0) * alpha + 255 * (1 - alpha);
    opaque[at + 3] = 255;
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

/** Random blocks in black, white and colours: nothing that a decoder could take for the code's own modules is spared. */
function randomLogo(random: () => number, aspect: number): LogoImage {
  const [across, down, px] = [6, Math.round(6 / aspect), 8];
  const colors: Rgb[] = Array.from({ length: across * down }, () => {
    const kind = Math.floor(random() * 3);
    if (kind < 2) return kind === 0 ? [0, 0, 0] : [255, 255, 255];
    return [random(), random(), random()].map((share) => Math.floor(share * 200)) as unknown as Rgb;
  });
  const [width, height] = [across * px, down * px];
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const color = colors[Math.floor(y / px) * across + Math.floor(x / px)];
      if (color) data.set(color, 4 * (y * width + x));
    }
  }
  return { png: encode({ width, height, data, depth: 8, channels: 4 }), width, height };
}
