import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Raster, rasterOfPixmap } from "./raster.ts";

/** How independent readers rasterise a page, into the pixmap `out`, at so many dots an inch. */
const READERS = {
  /** Poppler. */
  pdftoppm: (file: string, dpi: number, out: string, page: number) => {
    const how = ["-singlefile", "-r", String(dpi), "-f", String(page)];
    execFileSync("pdftoppm", [...how, file, out.replace(/\.ppm$/, "")]);
  },
  /** Ghostscript. */
  gs: (file: string, dpi: number, out: string, page: number) => {
    const crop = file.endsWith(".eps") ? ["-dEPSCrop"] : [`-dFirstPage=${page}`, `-dLastPage=${page}`];
    const how = ["-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=ppmraw", `-r${dpi}`, ...crop];
    execFileSync("gs", [...how, `-sOutputFile=${out}`, file]);
  },
};

export type PageReader = keyof typeof READERS;

/** What a reader makes of a page. @param number of the page in its file, from 1 */
export function rasterizePage(
  reader: PageReader,
  page: string,
  type: "pdf" | "eps",
  dpi: number,
  number = 1,
): Raster {
  return inFolder((folder) => {
    const [file, out] = [join(folder, `page.${type}`), join(folder, "page.ppm")];
    writeFileSync(file, page, "latin1");
    READERS[reader](file, dpi, out, number);
    return rasterOfPixmap(readFileSync(out));
  });
}

/** How much of each ink Ghostscript lays down, by the ink's name: its share of the page, 0 to 1. */
export function inkCoverage(page: string, type: "pdf" | "eps"): Record<string, number> {
  return inFolder((folder) => {
    const file = join(folder, `page.${type}`);
    writeFileSync(file, page, "latin1");
    const crop = type === "eps" ? ["-dEPSCrop"] : [];
    const how = ["-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=inkcov", "-r300", ...crop];
    const [line = ""] = execFileSync("gs", [...how, "-sOutputFile=-", file], { encoding: "utf8" })
      .trim()
      .split("\n");
    const shares = line.trim().split(/\s+/).map(Number);
    return Object.fromEntries(["cyan", "magenta", "yellow", "black"].map((ink, n) => [ink, shares[n] ?? 0]));
  });
}

/** What Poppler says of a file. */
export function pdfInfo(page: string): string {
  return inFolder((folder) => {
    const file = join(folder, "page.pdf");
    writeFileSync(file, page, "latin1");
    return execFileSync("pdfinfo", ["-box", file], { encoding: "utf8" });
  });
}

/** The text of a page, as Poppler finds it. */
export function pdfText(file: string, page: number): string {
  return inFolder((folder) => {
    const path = join(folder, "page.pdf");
    writeFileSync(path, file, "latin1");
    const range = ["-f", String(page), "-l", String(page)];
    return execFileSync("pdftotext", [...range, path, "-"], { encoding: "utf8" });
  });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "printed-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
