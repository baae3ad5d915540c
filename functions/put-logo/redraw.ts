import { ServiceError } from "../../core/errors.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { Pixels } from "../../core/picture/pixels.ts";
import { shrunk } from "../../core/picture/raster.ts";
import { checkJpeg, isJpeg } from "./jpeg-file.ts";
import { checkAspect } from "./pixel-bounds.ts";
import { checkPng, isPng } from "./png-file.ts";
import { pngOf } from "./png-writer.ts";
import { refusal } from "./refusal.ts";
import { rasterizeSvg } from "./resvg.ts";
import { isMarkup, safeSvg } from "./svg-file.ts";

/** Of the longest side of what is kept: 1,000 dpi at an inch, which is the logo of a code of ten centimetres. */
const MAX_SIDE_PX = 1_024;

/** As the table has it. A picture that takes more is kept smaller. */
const MAX_BYTES = 256 * 1024;

const MIN_SIDE_PX = 8;

/**
 * Draws a file anew: a PNG, a JPEG or an SVG becomes a PNG of 1,024 px at most and of no more bytes than are kept. What the
 * file says besides its pixels is gone.
 *
 * @throws Invalid, ServiceError `unsupported-media-type`
 */
export async function redrawLogo(bytes: Uint8Array): Promise<LogoImage> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const drawn = await pixelsOf(file);
  if (!hasInk(drawn)) throw refusal("shows nothing");
  let side = Math.min(MAX_SIDE_PX, Math.max(drawn.width, drawn.height));
  for (;;) {
    const pixels = shrunk(drawn, side);
    const { width, height } = pixels;
    for (const filter of ["none", "up"] as const) {
      const png = pngOf(pixels, filter);
      if (png.length <= MAX_BYTES || (filter === "up" && side <= MIN_SIDE_PX)) return { png, width, height };
    }
    side = Math.floor(side * 0.75);
  }
}

async function pixelsOf(file: Buffer): Promise<Pixels> {
  if (isPng(file)) return decoded(file, "image/png", checkPng(file));
  if (isJpeg(file)) return decoded(file, "image/jpeg", checkJpeg(file));
  if (isMarkup(file)) {
    const svg = safeSvg(file);
    const pixels = await rasterized(svg, MAX_SIDE_PX);
    checkAspect(pixels.width, pixels.height);
    return pixels;
  }
  throw new ServiceError("unsupported-media-type", "body: must be a PNG, a JPEG or an SVG", {
    errors: [{ path: "body", message: "must be a PNG, a JPEG or an SVG" }],
  });
}

/** Decodes by the same renderer, as a picture that fills a drawing of its own size. */
async function decoded(
  file: Buffer,
  type: string,
  { width, height }: { width: number; height: number },
): Promise<Pixels> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image width="${width}" height="${height}" preserveAspectRatio="none" image-rendering="optimizeSpeed" href="data:${type};base64,${file.toString("base64")}"/></svg>`;
  return rasterized(svg);
}

async function rasterized(svg: string, longestSide?: number): Promise<Pixels> {
  try {
    return await rasterizeSvg(svg, longestSide);
  } catch (cause) {
    throw refusal("can't be drawn", cause);
  }
}

/** A picture that can't be decoded is drawn as nothing. */
function hasInk({ data }: Pixels): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return true;
  return false;
}
