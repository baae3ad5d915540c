import { deflateSync } from "node:zlib";
import { type Rgb, WHITE } from "../color.ts";
import { rectangle } from "../path.ts";
import { decodedLogo } from "../raster.ts";
import type { Placed, Scene } from "../scene.ts";
import { ascii85 } from "./ascii85.ts";
import { type Ink, inkColor } from "./ink.ts";
import { toPoints } from "./length.ts";
import { decimal } from "./number.ts";
import { pathOperators } from "./path-operators.ts";
import { samplesOf } from "./samples.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/**
 * An EPS that is exactly the picture, with its quiet zone (Adobe's Technical Note 5002). ASCII. Its Language Level is 2, or
 * 3 for a logo, whose pixels are deflated. PostScript knows no transparency: a logo lies on the ground, or on white.
 *
 * @param widthMm its width; its height follows
 */
export function epsOf({ width, height, ground, fills, image }: Scene, widthMm: number, ink: Ink): string {
  const scale = toPoints(widthMm) / width;
  const [x, y] = [width * scale, height * scale];
  const paint = (color: Rgb, isInk: boolean, path: Scene["fills"][number]["path"]) =>
    `${colorOperator(color, isInk, ink)}\n${pathOperators(path, OPERATORS)}eofill`;
  return [
    "%!PS-Adobe-3.0 EPSF-3.0",
    // Whole points, as the format has it: the exact box is the next line's.
    `%%BoundingBox: 0 0 ${Math.ceil(x)} ${Math.ceil(y)}`,
    `%%HiResBoundingBox: 0 0 ${decimal(x)} ${decimal(y)}`,
    `%%LanguageLevel: ${image ? 3 : 2}`,
    "%%Title: (QR code)",
    ...(ink.kind === "spot"
      ? [
          `%%DocumentCustomColors: (${ink.name})`,
          `%%CMYKCustomColor: ${ink.alternate.map(decimal).join(" ")} (${ink.name})`,
        ]
      : []),
    "%%EndComments",
    "gsave",
    "/m {moveto} bind def /l {lineto} bind def /c {curveto} bind def /h {closepath} bind def",
    // A module is the unit, and y points downwards.
    `0 ${decimal(y)} translate ${decimal(scale)} ${decimal(-scale)} scale`,
    ...(ground === "transparent" ? [] : [paint(ground, false, rectangle([0, 0], width, height))]),
    ...fills.map(({ color, path }) => paint(color, true, path)),
    ...(image ? [logoOperators(image, ink, paperOf(ground, ink))] : []),
    "grestore",
    "%%EOF",
    "",
  ].join("\n");
}

/** What a logo lies on. Black and a spot colour stand on bare paper. */
function paperOf(ground: Scene["ground"], { kind }: Ink): Rgb {
  return ground === "transparent" || kind === "black" || kind === "spot" ? WHITE : ground;
}

function colorOperator(color: Rgb, isInk: boolean, ink: Ink): string {
  if (ink.kind === "spot" && isInk) return `${separation(ink)} setcolorspace 1 setcolor`;
  const { space, values } = inkColor(color, isInk, ink);
  return `${values.map(decimal).join(" ")} ${space === "rgb" ? "setrgbcolor" : "setcmykcolor"}`;
}

function separation(ink: Extract<Ink, { kind: "spot" }>): string {
  const tint = ink.alternate.map((share) => `dup ${decimal(share)} mul exch`).join(" ");
  return `[/Separation (${ink.name}) /DeviceCMYK {${tint} pop}]`;
}

function logoOperators({ box, logo }: Placed, ink: Ink, paper: Rgb): string {
  const pixels = decodedLogo(logo.png);
  const { width, height } = pixels;
  const { space, data } = samplesOf(pixels, ink, paper);
  const colors = { rgb: "/DeviceRGB", cmyk: "/DeviceCMYK", gray: "/DeviceGray" }[space];
  const decode = { rgb: "0 1 0 1 0 1", cmyk: "0 1 0 1 0 1 0 1", gray: ink.kind === "spot" ? "1 0" : "0 1" }[
    space
  ];
  return [
    "gsave",
    `${decimal(box.x)} ${decimal(box.y)} translate ${decimal(box.width)} ${decimal(box.height)} scale`,
    `${ink.kind === "spot" ? separation(ink) : colors} setcolorspace`,
    `<< /ImageType 1 /Width ${width} /Height ${height} /BitsPerComponent 8 /Decode [${decode}] /ImageMatrix [${width} 0 0 ${height} 0 0]`,
    "/DataSource currentfile /ASCII85Decode filter /FlateDecode filter >> image",
    ascii85(deflateSync(data)),
    "grestore",
  ].join("\n");
}
