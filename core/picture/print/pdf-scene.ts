import type { Rgb } from "../color.ts";
import type { Box } from "../damage.ts";
import { type Path, rectangle } from "../path.ts";
import type { Pixels } from "../pixels.ts";
import type { Scene } from "../scene.ts";
import { type Ink, inkColor } from "./ink.ts";
import { decimal } from "./number.ts";
import { pathOperators } from "./path-operators.ts";
import { deflated, type PdfFile, stream } from "./pdf-file.ts";
import { alphaOf, samplesOf } from "./samples.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/** A scene as a content stream paints it, where a module is the unit and y points downwards. Its logo is `/Logo`. */
export function sceneOperators({ width, height, ground, fills, image }: Scene, ink: Ink): string {
  return [
    ...(ground === "transparent" ? [] : [filled(ground, false, rectangle([0, 0], width, height), ink)]),
    ...fills.map(({ color, path }) => filled(color, true, path, ink)),
    ...(image ? [`q ${logoMatrix(image.box)} cm /Logo Do Q`] : []),
  ].join("\n");
}

/** @param isInk whether a spot colour stands for it: what is light is bare paper */
function filled(color: Rgb, isInk: boolean, path: Path, ink: Ink): string {
  return `${colorOperator(color, isInk, ink)}\n${pathOperators(path, OPERATORS)}f*`;
}

/** An image fills a square of one unit, with its first row at the top. */
function logoMatrix({ x, y, width, height }: Box): string {
  return `${decimal(width)} 0 0 ${decimal(-height)} ${decimal(x)} ${decimal(y + height)}`;
}

/** @param isInk see `filled` */
export function colorOperator(color: Rgb, isInk: boolean, ink: Ink): string {
  if (ink.kind === "spot" && isInk) return "/Spot cs 1 scn";
  const { space, values } = inkColor(color, isInk, ink);
  return `${values.map(decimal).join(" ")} ${space === "rgb" ? "rg" : "k"}`;
}

/** What a content stream refers to by name, as entries of a dictionary. @param logo the number of its object, if there is one */
export function resourcesOf(ink: Ink, logo: number | undefined): string {
  return [
    ...(ink.kind === "spot" ? [`/ColorSpace << /Spot ${separation(ink)} >>`] : []),
    ...(logo === undefined ? [] : [`/XObject << /Logo ${logo} 0 R >>`]),
  ].join(" ");
}

function separation(ink: Extract<Ink, { kind: "spot" }>): string {
  const name = ink.name.replaceAll(" ", "#20");
  const tint = `<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [${ink.alternate.map(decimal).join(" ")}] /N 1 >>`;
  return `[/Separation /${name} /DeviceCMYK ${tint}]`;
}

/** Adds a logo: an image, and its transparency if it has any. Returns the image's number. */
export function addLogo(file: PdfFile, pixels: Pixels, ink: Ink): number {
  const { space, data } = samplesOf(pixels, ink);
  const alpha = alphaOf(pixels);
  // A spot colour's tint grows where a grey gets darker.
  const isTint = ink.kind === "spot";
  const colors = isTint
    ? separation(ink)
    : { rgb: "/DeviceRGB", cmyk: "/DeviceCMYK", gray: "/DeviceGray" }[space];
  const head = `/Type /XObject /Subtype /Image /Width ${pixels.width} /Height ${pixels.height} /BitsPerComponent 8 /Filter /FlateDecode`;
  const mask = alpha && file.add(stream(`${head} /ColorSpace /DeviceGray`, deflated(alpha)));
  const names = `/ColorSpace ${colors}${isTint ? " /Decode [1 0]" : ""}${mask === undefined ? "" : ` /SMask ${mask} 0 R`}`;
  return file.add(stream(`${head} ${names}`, deflated(data)));
}
