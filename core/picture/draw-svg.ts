import { WHITE } from "./color.ts";
import { type Design, designOf, isPlain } from "./design.ts";
import { type Measures, widthMmOf } from "./measures.ts";
import type { PictureOrder } from "./order.ts";
import { type SvgSize, svgOf, svgPicture } from "./svg.ts";

/** Draws the code of a text as SVG. Only a picture that is not plain loads what lays others out. */
export async function drawSvg({ text, style, logo, fit, measures }: PictureOrder): Promise<string> {
  const design = designOf(style);
  if (isPlain(design, logo !== undefined)) return plainSvg(text, design, measures);
  const { layOut } = await import("./layout.ts");
  const { scene } = layOut(text, design, logo, fit);
  return svgOf(scene, sizeOf(scene.width, measures));
}

function plainSvg(text: string, { margin, ecc, look }: Design, measures: Measures): string {
  const background = look.ground === "transparent" ? WHITE : look.ground;
  return svgPicture(text, { margin, ecc, color: look.color, background }, (side) => sizeOf(side, measures));
}

function sizeOf(width: number, measures: Measures): SvgSize {
  const mm = widthMmOf({ width }, measures);
  if (mm !== undefined) return { mm };
  return measures.px === undefined ? undefined : { px: measures.px };
}
