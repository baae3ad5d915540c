import { SHEET_LOGOS } from "../../bin/contact-sheet/styles.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { PictureStyle } from "../../core/picture/picture-style.ts";
import { drawSheet } from "../../core/sheet/draw-sheet.ts";
import { inlineSheets } from "../../core/sheet/inline-sheets.ts";
import type { LabelOrder, LabelPaper } from "../../core/sheet/label.ts";
import type { SheetPlan } from "../../core/sheet/sheet-pdf.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import type { Raster } from "./raster.ts";

/** Looks of labels: squares, dots, a logo, a frame. */
export const LABEL_STYLES: PictureStyle[] = [
  {},
  { modules: "dots", finders: "rounded", color: "#003366" },
  { logo: "cup", logoSize: 20, ecc: "H" },
  { frame: "banner", caption: "Scan me" },
  { modules: "rounded", background: "transparent" },
];

let logo: Promise<LogoImage> | undefined;

/** So many labels with captions in three scripts, in the order of their codes. */
export async function labelOrders(count: number, styles = LABEL_STYLES): Promise<LabelOrder[]> {
  logo ??= redrawLogo(Buffer.from(Object.values(SHEET_LOGOS)[0] ?? ""));
  const image = await logo;
  const names = ["Table 12 by the window", "Žluťoučký kůň", "Ελληνικά", "Привет, мир", "€ 12–15 “Menu”"];
  return Array.from({ length: count }, (_, n) => {
    const style = styles[n % styles.length] ?? {};
    return {
      text: `https://qr.example.com/scan/qr_${String(n).padStart(4, "0")}k29dLmPqR`,
      style,
      logo: style.logo === undefined ? undefined : image,
      caption: names[n % names.length] ?? "",
    };
  });
}

export function drawnSheet(
  orders: readonly LabelOrder[],
  plan: Pick<SheetPlan, "layout"> & Partial<SheetPlan>,
  paper: Omit<LabelPaper, "size"> = { captions: "name" },
): Promise<string> {
  const whole = { copies: 1, skip: 0, cropMarks: false, ...plan };
  return inlineSheets.reserve((pen) => drawSheet(pen, orders, paper, whole));
}

/** A part of a page. Lengths are mm. */
export interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A part of a page on its own. */
export function cutOut({ data, width }: Raster, part: Part, dpi: number): Raster {
  const px = (mm: number) => Math.round((mm / 25.4) * dpi);
  const [left, top, across, down] = [px(part.x), px(part.y), px(part.width), px(part.height)];
  const cut = new Uint8ClampedArray(4 * across * down);
  for (let y = 0; y < down; y++) {
    const from = 4 * ((top + y) * width + left);
    cut.set(data.subarray(from, from + 4 * across), 4 * y * across);
  }
  return { width: across, height: down, data: cut };
}

/** Where something dark lies in a part of a page, in mm from the page's corner; `undefined` if nothing does. */
export function darkBox(page: Raster, part: Part, dpi: number): Part | undefined {
  const cut = cutOut(page, part, dpi);
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  for (let y = 0; y < cut.height; y++) {
    for (let x = 0; x < cut.width; x++) {
      if ((cut.data[4 * (y * cut.width + x)] ?? 255) > 127) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
    }
  }
  if (right < 0) return undefined;
  const mm = (px: number) => (px / dpi) * 25.4;
  return { x: part.x + mm(left), y: part.y + mm(top), width: mm(right - left), height: mm(bottom - top) };
}
