import { encode } from "fast-png";
import { textLine, widthOf } from "../../core/picture/caption/caption.ts";
import type { Box } from "../../core/picture/damage.ts";
import { designOf } from "../../core/picture/design.ts";
import { layOut } from "../../core/picture/layout.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { Pixels } from "../../core/picture/pixels.ts";
import { rasterOf } from "../../core/picture/raster.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import { SHEET_LOGOS, SHEET_STYLES, SHEET_TEXT } from "./styles.ts";

const COLUMNS = 6;
/** In px. A picture is as wide as its cell but for the gap, at most as high as its room. */
const CELL = { width: 260, height: 330, gap: 16, label: 26 };

/** Paper that is not white, so that a transparent ground shows. */
const PAPER = [232, 236, 232] as const;

/** The sheet as a PNG, and where on it each picture lies, in px. */
export async function contactSheet(): Promise<{ png: Uint8Array; places: Box[] }> {
  const logos = await redrawn();
  const rows = Math.ceil(SHEET_STYLES.length / COLUMNS);
  const [width, height] = [COLUMNS * CELL.width, rows * CELL.height];
  const sheet: Pixels = { width, height, data: new Uint8Array(4 * width * height) };
  for (let at = 0; at < sheet.data.length; at += 4) sheet.data.set([...PAPER, 255], at);
  const places = SHEET_STYLES.map(([name, style], n) => {
    const [left, top] = [(n % COLUMNS) * CELL.width, Math.floor(n / COLUMNS) * CELL.height];
    const { scene } = layOut(SHEET_TEXT, designOf(style), style.logo ? logos[style.logo] : undefined, "fit");
    const room = { width: CELL.width - CELL.gap, height: CELL.height - CELL.gap - CELL.label };
    const px = Math.min(room.width, Math.floor((room.height * scene.width) / scene.height));
    const picture = rasterOf(scene, px);
    const [x, y] = [left + Math.floor((CELL.width - px) / 2), top + CELL.gap];
    lay(sheet, picture, x, y);
    lay(sheet, labelOf(name, room.width), left + CELL.gap / 2, y + picture.height + 6);
    return { x, y, width: picture.width, height: picture.height };
  });
  return { png: encode({ ...withoutAlpha(sheet), depth: 8, channels: 3 }, { zlib: { level: 9 } }), places };
}

async function redrawn(): Promise<Record<string, LogoImage>> {
  const logos = Object.entries(SHEET_LOGOS).map(
    async ([name, svg]) => [name, await redrawLogo(Buffer.from(svg))] as const,
  );
  return Object.fromEntries(await Promise.all(logos));
}

function labelOf(name: string, width: number): Pixels {
  const capHeight = 10;
  const left = (width - widthOf(name) * capHeight) / 2;
  const { path } = textLine(name, capHeight, left, 13);
  const fills = [{ color: [60, 60, 60] as const, path }];
  return rasterOf({ width, height: 18, ground: "transparent", fills, isSquare: false }, width);
}

/** One picture over another. */
function lay({ width, data }: Pixels, picture: Pixels, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [from, to] = [4 * (y * picture.width + x), 4 * ((top + y) * width + left + x)];
      const alpha = (picture.data[from + 3] ?? 0) / 255;
      for (let channel = 0; channel < 3; channel++)
        data[to + channel] =
          (picture.data[from + channel] ?? 0) * alpha + (data[to + channel] ?? 0) * (1 - alpha);
    }
  }
}

function withoutAlpha({ width, height, data }: Pixels): Pixels {
  const rgb = data.filter((_, n) => n % 4 !== 3);
  return { width, height, data: rgb };
}
