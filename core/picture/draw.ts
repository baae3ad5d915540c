import { Invalid } from "../errors.ts";
import { WHITE } from "./color.ts";
import { type Design, designOf, isPlain } from "./design.ts";
import { drawSvg } from "./draw-svg.ts";
import { qrMatrix } from "./matrix.ts";
import { DPI, type DrawnFormat, type Measures, WIDTH, widthMmOf } from "./measures.ts";
import { DEFAULT_SIZE, SIZE } from "./options.ts";
import type { PictureOrder } from "./order.ts";
import { pngPicture } from "./png.ts";
import { withDensity } from "./png-density.ts";
import { inkFor } from "./print/ink-for.ts";
import type { Scene } from "./scene.ts";

/**
 * Draws the code of a text: SVG as text, anything else as bytes. What a format needs is loaded with its first picture.
 *
 * @throws Unscannable (`logoSize`) if the logo would make it unreadable
 * @throws Invalid (`size`, `width`, `module`) if a PNG has too few pixels for its modules, or more than a PNG may have
 * @throws RangeError if the text is longer than any code holds
 */
export async function drawPicture(format: DrawnFormat, order: PictureOrder): Promise<string | Uint8Array> {
  if (format === "svg") return drawSvg(order);
  const design = designOf(order.style);
  if (format === "png" && isPlain(design, order.logo !== undefined)) return plainPng(order, design);
  const { layOut } = await import("./layout.ts");
  const { scene } = layOut(order.text, design, order.logo, order.fit);
  if (format === "png") return pngOf(scene, order.measures);
  const { pdfOf } = await import("./print/pdf.ts");
  const { epsOf } = await import("./print/eps.ts");
  const widthMm = widthMmOf(scene, order.measures) ?? WIDTH.default;
  const page = (format === "pdf" ? pdfOf : epsOf)(scene, widthMm, inkFor(order.measures, design));
  return Buffer.from(page, "latin1");
}

/** Two colours and squares, of which a bit a pixel is enough. */
function plainPng({ text, measures }: PictureOrder, { margin, ecc, look }: Design): Uint8Array {
  const background = look.ground === "transparent" ? WHITE : look.ground;
  const width = qrMatrix(text, ecc).length + 2 * margin;
  const draw = (size: number) => pngPicture(text, { margin, ecc, color: look.color, background, size });
  return sized({ width }, measures, draw);
}

async function pngOf(scene: Scene, measures: Measures): Promise<Uint8Array> {
  const { styledPng } = await import("./styled-png.ts");
  return sized(scene, measures, (px) => styledPng(scene, px));
}

/** A PNG of the right number of pixels, with its density if it has a physical size. */
function sized(
  scene: Pick<Scene, "width">,
  measures: Measures,
  draw: (px: number) => Uint8Array,
): Uint8Array {
  const widthMm = widthMmOf(scene, measures);
  if (widthMm === undefined) return draw(measures.px ?? DEFAULT_SIZE.png);
  return withDensity(draw(pxOf(scene, measures, widthMm)), widthMm);
}

/** A whole number of pixels a module, so that its edges are sharp: at least as many dots an inch as were asked for. */
function pxOf({ width }: Pick<Scene, "width">, { px, dpi, moduleMm }: Measures, widthMm: number): number {
  if (px !== undefined) return px;
  const each = Math.ceil(((widthMm / 25.4) * (dpi ?? DPI.default)) / width - 1e-6);
  const total = each * width;
  if (total >= SIZE.min && total <= SIZE.max) return total;
  const message = `makes ${total} pixels of a PNG, which may have ${SIZE.min} to ${SIZE.max}: set another dpi, or draw a PDF`;
  throw new Invalid([{ path: moduleMm === undefined ? "width" : "module", message }]);
}
