import { deflateSync } from "node:zlib";
import type { Rgb } from "../color.ts";
import { rectangle } from "../path.ts";
import { decodedLogo } from "../raster.ts";
import type { Scene } from "../scene.ts";
import { type Ink, inkColor } from "./ink.ts";
import { toPoints } from "./length.ts";
import { decimal } from "./number.ts";
import { pathOperators } from "./path-operators.ts";
import { alphaOf, samplesOf } from "./samples.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/** The logo's object, and that of its transparency. */
const LOGO_OBJECT = 5;
const MASK_OBJECT = 6;

/**
 * A PDF 1.4 of one page that is exactly the picture, with its quiet zone. Each character is a byte (Latin-1).
 *
 * @param widthMm its width; its height follows
 */
export function pdfOf(scene: Scene, widthMm: number, ink: Ink): string {
  const scale = toPoints(widthMm) / scene.width;
  const [width, height] = [decimal(scene.width * scale), decimal(scene.height * scale)];
  const logo = scene.image ? logoObjects(scene.image.logo.png, ink) : [];
  const box = `[0 0 ${width} ${height}]`;
  return fileOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /TrimBox ${box} /Resources << ${resourcesOf(ink, scene)} >> /Contents 4 0 R >>`,
    stream("", contentOf(scene, scale, ink)),
    ...logo,
  ]);
}

function contentOf({ width, height, ground, fills, image }: Scene, scale: number, ink: Ink): string {
  const paint = (color: Rgb, isInk: boolean, path: Scene["fills"][number]["path"]) =>
    `${colorOperator(color, isInk, ink)}\n${pathOperators(path, OPERATORS)}f*`;
  return [
    // A module is the unit, and y points downwards.
    `${decimal(scale)} 0 0 ${decimal(-scale)} 0 ${decimal(height * scale)} cm`,
    ...(ground === "transparent" ? [] : [paint(ground, false, rectangle([0, 0], width, height))]),
    ...fills.map(({ color, path }) => paint(color, true, path)),
    ...(image ? [`q ${logoMatrix(image.box)} cm /Logo Do Q`] : []),
  ].join("\n");
}

/** An image fills a square of one unit, with its first row at the top. */
function logoMatrix({
  x,
  y,
  width,
  height,
}: {
  x: number;
  y: number;
  width: number;
  height: number;
}): string {
  return `${decimal(width)} 0 0 ${decimal(-height)} ${decimal(x)} ${decimal(y + height)}`;
}

function colorOperator(color: Rgb, isInk: boolean, ink: Ink): string {
  if (ink.kind === "spot" && isInk) return "/Spot cs 1 scn";
  const { space, values } = inkColor(color, isInk, ink);
  return `${values.map(decimal).join(" ")} ${space === "rgb" ? "rg" : "k"}`;
}

function resourcesOf(ink: Ink, { image }: Scene): string {
  return [
    ink.kind === "spot" ? `/ColorSpace << /Spot ${separation(ink)} >>` : "",
    image ? `/XObject << /Logo ${LOGO_OBJECT} 0 R >>` : "",
  ].join(" ");
}

function separation(ink: Extract<Ink, { kind: "spot" }>): string {
  const name = ink.name.replaceAll(" ", "#20");
  const tint = `<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [${ink.alternate.map(decimal).join(" ")}] /N 1 >>`;
  return `[/Separation /${name} /DeviceCMYK ${tint}]`;
}

function logoObjects(png: Uint8Array, ink: Ink): string[] {
  const pixels = decodedLogo(png);
  const { space, data } = samplesOf(pixels, ink);
  const alpha = alphaOf(pixels);
  // A spot colour's tint grows where a grey gets darker.
  const isTint = ink.kind === "spot";
  const colors = isTint
    ? separation(ink)
    : { rgb: "/DeviceRGB", cmyk: "/DeviceCMYK", gray: "/DeviceGray" }[space];
  const head = `/Type /XObject /Subtype /Image /Width ${pixels.width} /Height ${pixels.height} /BitsPerComponent 8 /Filter /FlateDecode`;
  const mask = alpha ? ` /SMask ${MASK_OBJECT} 0 R` : "";
  return [
    stream(`${head} /ColorSpace ${colors}${isTint ? " /Decode [1 0]" : ""}${mask}`, deflated(data)),
    ...(alpha ? [stream(`${head} /ColorSpace /DeviceGray`, deflated(alpha))] : []),
  ];
}

function deflated(data: Uint8Array): string {
  return deflateSync(data).toString("latin1");
}

function stream(dictionary: string, content: string): string {
  return `<< ${dictionary} /Length ${content.length} >>\nstream\n${content}\nendstream`;
}

/** Objects, the table of where each begins, and the trailer (ISO 32000-1, 7.5). */
function fileOf(objects: readonly string[]): string {
  // Characters beyond ASCII tell software that copies files that this one is binary.
  let file = "%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n";
  const offsets = objects.map((object, n) => {
    const offset = file.length;
    file += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  return `${file}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join("")}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
