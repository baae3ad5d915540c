import type { Pixels } from "../picture/pixels.ts";
import type { Ink } from "../picture/print/ink.ts";
import { toPoints } from "../picture/print/length.ts";
import { decimal } from "../picture/print/number.ts";
import { deflated, PdfFile, stream } from "../picture/print/pdf-file.ts";
import { addLogo, resourcesOf } from "../picture/print/pdf-scene.ts";
import { addFonts } from "./caption-font.ts";
import { cropMarks } from "./crop-marks.ts";
import type { LabelForm } from "./label.ts";
import { labelCorner, labelSize, type SheetLayout, type Size } from "./layouts.ts";

/** How labels are put on pages. */
export interface SheetPlan {
  readonly layout: SheetLayout;
  /** Labels of each code, one after another. */
  readonly copies: number;
  /** Labels of the first page that are left empty: a sheet that was begun. */
  readonly skip: number;
  readonly cropMarks: boolean;
}

/** A label with the pixels of its logo, which is the same object wherever the logo is. */
export interface SheetLabel {
  readonly form: LabelForm;
  readonly logo?: Pixels | undefined;
}

/**
 * Pages of labels as a PDF 1.4, each character a byte (Latin-1). Each label, each logo and each letter is in it once, however
 * often it is printed. It asks to be printed in its own size.
 */
export function sheetPdf(labels: readonly SheetLabel[], plan: SheetPlan): string {
  const { layout } = plan;
  const file = new PdfFile();
  const [catalog, tree] = [file.reserve(), file.reserve()];
  const marks = plan.cropMarks ? addForm(file, layout.page, "", deflated(cropMarks(layout))) : undefined;
  const forms = addLabels(file, labels, labelSize(layout));
  const pages = pageContents(labels.length, plan).map(({ content, shown }) => {
    const names = shown.map((label) => `/L${label} ${forms[label]} 0 R`);
    const objects = marks === undefined ? names : [`/Marks ${marks} 0 R`, ...names];
    const contents = file.add(stream("/Filter /FlateDecode", deflated(content)));
    return file.add(
      `<< /Type /Page /Parent ${tree} 0 R /Resources << /XObject << ${objects.join(" ")} >> >> /Contents ${contents} 0 R >>`,
    );
  });
  const box = `[0 0 ${decimal(toPoints(layout.page.width))} ${decimal(toPoints(layout.page.height))}]`;
  const kids = pages.map((page) => `${page} 0 R`).join(" ");
  file.put(tree, `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} /MediaBox ${box} >>`);
  file.put(catalog, `<< /Type /Catalog /Pages ${tree} 0 R /ViewerPreferences << /PrintScaling /None >> >>`);
  return file.write(catalog);
}

/** Adds each label, and returns their numbers. */
function addLabels(file: PdfFile, labels: readonly SheetLabel[], size: Size): number[] {
  const fonts = file.add(addFonts(file, new Set(labels.flatMap(({ form }) => [...form.characters]))));
  const logos = new Map<Pixels, Map<string, number>>();
  const logoNumber = (logo: Pixels, ink: Ink): number => {
    const byInk = logos.get(logo) ?? new Map<string, number>();
    logos.set(logo, byInk);
    const key = JSON.stringify(ink);
    const number = byInk.get(key) ?? addLogo(file, logo, ink);
    byInk.set(key, number);
    return number;
  };
  return labels.map(({ form, logo }) => {
    const { ink, characters, content } = form;
    const image = form.hasLogo && logo ? logoNumber(logo, ink) : undefined;
    const resources = `${resourcesOf(ink, image)}${characters === "" ? "" : ` /Font ${fonts} 0 R`}`;
    return addForm(file, size, resources, Buffer.from(content).toString("latin1"));
  });
}

/** What is drawn once and shown anywhere (ISO 32000-1, 8.10). @param content deflated */
function addForm(file: PdfFile, { width, height }: Size, resources: string, content: string): number {
  const box = `[0 0 ${decimal(width)} ${decimal(height)}]`;
  const dictionary = `/Type /XObject /Subtype /Form /BBox ${box} /Resources << ${resources} >>`;
  return file.add(stream(`${dictionary} /Filter /FlateDecode`, content));
}

/** The content of each page, and the labels that it shows. */
function pageContents(count: number, plan: SheetPlan): { content: string; shown: number[] }[] {
  const { layout, copies, skip } = plan;
  const perPage = layout.rows * layout.columns;
  const pages = Math.ceil((skip + count * copies) / perPage);
  const scale = decimal(toPoints(1));
  // A millimetre is the unit, and y points downwards from the page's upper left corner.
  const place = `${scale} 0 0 -${scale} 0 ${decimal(toPoints(layout.page.height))} cm`;
  return Array.from({ length: pages }, (_, page) => {
    const shown: number[] = [];
    const lines = [place, ...(plan.cropMarks ? ["/Marks Do"] : [])];
    for (let index = 0; index < perPage; index++) {
      const label = Math.floor((page * perPage + index - skip) / copies);
      if (label < 0 || label >= count) continue;
      if (shown.at(-1) !== label) shown.push(label);
      const { x, y } = labelCorner(layout, index);
      lines.push(`q 1 0 0 1 ${decimal(x)} ${decimal(y)} cm /L${label} Do Q`);
    }
    return { content: lines.join("\n"), shown };
  });
}
