import { decodedLogo } from "../raster.ts";
import type { Scene } from "../scene.ts";
import type { Ink } from "./ink.ts";
import { toPoints } from "./length.ts";
import { decimal } from "./number.ts";
import { PdfFile, stream } from "./pdf-file.ts";
import { addLogo, resourcesOf, sceneOperators } from "./pdf-scene.ts";

/**
 * A PDF 1.4 of one page that is exactly the picture, with its quiet zone. Each character is a byte (Latin-1).
 *
 * @param widthMm its width; its height follows
 */
export function pdfOf(scene: Scene, widthMm: number, ink: Ink): string {
  const scale = toPoints(widthMm) / scene.width;
  const [width, height] = [decimal(scene.width * scale), decimal(scene.height * scale)];
  const box = `[0 0 ${width} ${height}]`;
  // A module is the unit, and y points downwards.
  const place = `${decimal(scale)} 0 0 ${decimal(-scale)} 0 ${decimal(scene.height * scale)} cm`;
  const file = new PdfFile();
  const [catalog, pages, page] = [file.reserve(), file.reserve(), file.reserve()];
  const content = file.add(stream("", `${place}\n${sceneOperators(scene, ink)}`));
  const logo = scene.image && addLogo(file, decodedLogo(scene.image.logo.png), ink);
  file.put(catalog, `<< /Type /Catalog /Pages ${pages} 0 R >>`);
  file.put(pages, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  const resources = `<< ${resourcesOf(ink, logo)} >>`;
  file.put(
    page,
    `<< /Type /Page /Parent ${pages} 0 R /MediaBox ${box} /TrimBox ${box} /Resources ${resources} /Contents ${content} 0 R >>`,
  );
  return file.write(catalog);
}
