import type { LogoImage } from "../picture/logo-image.ts";
import type { Pixels } from "../picture/pixels.ts";
import type { LabelForm, LabelOrder, LabelPaper } from "./label.ts";
import { labelSize } from "./layouts.ts";
import type { SheetPen } from "./sheet-drawing.ts";
import type { SheetPlan } from "./sheet-pdf.ts";

/** Labels that are drawn at a time, 5 ms each at most: pictures that wait for the same threads come in between. */
const CHUNK = 20;

/** Of a logo in print, in dots an inch: more is seen by nobody, and makes the file larger. */
const LOGO_DPI = 600;

/** A logo is at most half as wide as its code. */
const LOGO_SHARE = 0.5;

/**
 * Draws labels and puts them on pages, as a PDF.
 *
 * @throws what the pen throws
 */
export async function drawSheet(
  pen: SheetPen,
  orders: readonly LabelOrder[],
  paper: Omit<LabelPaper, "size">,
  plan: SheetPlan,
): Promise<string> {
  const size = labelSize(plan.layout);
  const forms: LabelForm[] = [];
  for (let first = 0; first < orders.length; first += CHUNK)
    forms.push(...(await pen.labels(orders.slice(first, first + CHUNK), { ...paper, size })));
  const longestSide = Math.ceil((LOGO_SHARE * Math.min(size.width, size.height) * LOGO_DPI) / 25.4);
  const logos = new Map<LogoImage, Pixels>();
  for (const { logo } of orders)
    if (logo && !logos.has(logo)) logos.set(logo, await pen.logo(logo.png, longestSide));
  const { sheetPdf } = await import("./sheet-pdf.ts");
  return sheetPdf(
    forms.map((form, n) => {
      const logo = orders[n]?.logo;
      return { form, logo: logo && logos.get(logo) };
    }),
    plan,
  );
}
