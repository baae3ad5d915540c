import { describe, expect, it } from "vitest";
import { SHEETS, type SheetLayout } from "../../core/sheet/layouts.ts";
import { blindDecoders } from "../support/decoders.ts";
import {
  cutOut,
  darkBox,
  drawnSheet,
  LABEL_STYLES,
  labelOrders,
  type Part,
} from "../support/label-sheets.ts";
import { inkCoverage, pdfInfo, pdfText, rasterizePage } from "../support/printed.ts";
import { lacks } from "../support/requirements.ts";

const CUSTOM: SheetLayout = {
  page: { width: 148, height: 210 },
  rows: 4,
  columns: 3,
  gaps: { horizontal: 6, vertical: 8.5 },
  margins: { top: 11, right: 7.5, bottom: 10, left: 9 },
};

/** What the makers of the sheets say of them, and not what the service does. In mm. */
const MEASURES: Record<string, { layout: SheetLayout; page: [number, number]; labels: Part[] }> = {
  "a4-3x8": {
    layout: SHEETS["a4-3x8"],
    page: [210, 297],
    labels: grid(3, 8, { x: 0, y: 0.5, width: 70, height: 37 }, [70, 37]),
  },
  "letter-5160": {
    layout: SHEETS["letter-5160"],
    page: [215.9, 279.4],
    labels: grid(3, 10, { x: 0.1875 * 25.4, y: 12.7, width: 2.625 * 25.4, height: 25.4 }, [
      2.75 * 25.4,
      25.4,
    ]),
  },
  custom: {
    layout: CUSTOM,
    page: [148, 210],
    labels: grid(3, 4, { x: 9, y: 11, width: 39.8333, height: 40.875 }, [45.8333, 49.375]),
  },
};

function grid(columns: number, rows: number, first: Part, [across, down]: [number, number]): Part[] {
  return Array.from({ length: rows * columns }, (_, n) => {
    return { ...first, x: first.x + (n % columns) * across, y: first.y + Math.floor(n / columns) * down };
  });
}

const TENTH = 0.1;
const missing = (await lacks("pdftoppm")) || (await lacks("gs"));

describe.skipIf(missing).each(Object.entries(MEASURES))("a sheet %s", (_name, { layout, page, labels }) => {
  it("has its page's size to a tenth of a millimetre", async () => {
    const info = pdfInfo(await drawnSheet(await labelOrders(1), { layout }));
    const [, ...points] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info) ?? [];
    const [width, height] = points.map((value) => (Number(value) / 72) * 25.4);
    expect(Math.abs((width ?? 0) - page[0])).toBeLessThan(TENTH);
    expect(Math.abs((height ?? 0) - page[1])).toBeLessThan(TENTH);
  });

  it.each(["pdftoppm", "gs"] as const)(
    "has the middle of each code in the middle of its label to a tenth of a millimetre, by %s",
    { timeout: 120_000 },
    async (reader) => {
      const orders = await labelOrders(labels.length, [{}]);
      const pdf = await drawnSheet(orders, { layout }, { captions: "none" });
      const raster = rasterizePage(reader, pdf, "pdf", 600);
      for (const label of labels) {
        const dark = darkBox(raster, inside(label), 600);
        expect(Math.abs(middle(dark).x - middle(label).x)).toBeLessThan(TENTH);
        expect(Math.abs(middle(dark).y - middle(label).y)).toBeLessThan(TENTH);
        expect(Math.abs((dark?.width ?? 0) - (dark?.height ?? 1))).toBeLessThan(TENTH);
      }
    },
  );

  // Ghostscript paints every pixel that a module touches, as ink spreads: at 300 dpi that is a fifth of a module of the
  // smallest labels.
  it.each([
    ["pdftoppm", 300],
    ["gs", 600],
  ] as const)(
    "has codes in all styles, each of which three decoders read, by %s at %i dpi",
    { timeout: 240_000 },
    async (reader, dpi) => {
      const orders = await labelOrders(labels.length);
      const pdf = await drawnSheet(orders, { layout, cropMarks: true });
      const raster = rasterizePage(reader, pdf, "pdf", dpi);
      const unread: unknown[] = [];
      for (const [n, label] of labels.entries()) {
        const blind = await blindDecoders(cutOut(raster, inside(label), dpi), orders[n]?.text ?? "");
        if (blind.length > 0) unread.push([n, orders[n]?.style, blind]);
      }
      expect(unread).toEqual([]);
    },
  );

  it("has captions that can be read as text, none of which leaves its label", async () => {
    const orders = await labelOrders(labels.length, [{}]);
    const pdf = await drawnSheet(orders, { layout });
    const text = pdfText(pdf, 1).replace(/\s+/g, " ");
    for (const word of orders.flatMap(({ caption }) => caption.split(" "))) expect(text).toContain(word);
    const raster = rasterizePage("pdftoppm", pdf, "pdf", 300);
    for (const label of labels) {
      const dark = darkBox(raster, label, 300) as Part;
      // Half a millimetre of the border stays free.
      expect(dark.x).toBeGreaterThan(label.x + 0.5);
      expect(dark.y).toBeGreaterThan(label.y + 0.5);
      expect(dark.x + dark.width).toBeLessThan(label.x + label.width - 0.5);
      expect(dark.y + dark.height).toBeLessThan(label.y + label.height - 0.5);
    }
  });
});

describe.skipIf(missing)("sheets", () => {
  it("have crop marks at the corners of labels to a tenth of a millimetre, which touch no label", async () => {
    const { labels } = MEASURES.custom as { labels: Part[] };
    const pdf = await drawnSheet(await labelOrders(1), { layout: CUSTOM, cropMarks: true });
    const raster = rasterizePage("pdftoppm", pdf, "pdf", 600);
    for (const { x, y, width, height } of labels) {
      for (const edge of [y, y + height]) {
        for (const beside of [x - 2, x + width + 1]) {
          const mark = darkBox(raster, { x: beside, y: edge - 0.5, width: 1, height: 1 }, 600);
          expect(Math.abs(middle(mark).y - edge)).toBeLessThan(TENTH);
        }
      }
      for (const edge of [x, x + width]) {
        for (const above of [y - 2, y + height + 1]) {
          const mark = darkBox(raster, { x: edge - 0.5, y: above, width: 1, height: 1 }, 600);
          expect(Math.abs(middle(mark).x - edge)).toBeLessThan(TENTH);
        }
      }
    }
    // All but the first are empty.
    for (const label of labels.slice(1)) expect(darkBox(raster, inside(label), 600)).toBeUndefined();
  });

  it("repeat each code, leave begun labels out and go on over pages", async () => {
    const orders = await labelOrders(5, [{}]);
    const layout = SHEETS["a4-3x8"];
    const pdf = await drawnSheet(orders, { layout, copies: 7, skip: 2 });
    expect(pdfInfo(pdf)).toMatch(/Pages:\s+2\n/);
    const { labels } = MEASURES["a4-3x8"] as { labels: Part[] };
    const pages = [1, 2].map((page) => rasterizePage("pdftoppm", pdf, "pdf", 300, page));
    const shown = pages.flatMap((page) =>
      labels.map((label) => [cutOut(page, inside(label), 300), darkBox(page, label, 300)] as const),
    );
    const expected = [...Array(2).fill(undefined), ...orders.flatMap(({ text }) => Array(7).fill(text))];
    for (const [n, [raster, dark]] of shown.entries()) {
      const text = expected[n] as string | undefined;
      if (text === undefined) expect(dark).toBeUndefined();
      else expect(await blindDecoders(raster, text)).toEqual([]);
    }
  });

  it("hold each label, logo and letter once, so that copies take a line each", async () => {
    const orders = await labelOrders(10);
    const layout = SHEETS["a4-3x8"];
    const [one, many] = [
      await drawnSheet(orders, { layout }),
      await drawnSheet(orders, { layout, copies: 200 }),
    ];
    expect(many.length - one.length).toBeLessThan(10 * 200 * 40);
    expect(many.split("/Subtype /Image").length - 1).toBeLessThanOrEqual(2);
  });

  it("are printed in black ink alone, or in a spot colour, if that is asked for", async () => {
    const orders = await labelOrders(
      24,
      LABEL_STYLES.filter(({ logo }) => logo === undefined),
    );
    const layout = SHEETS["a4-3x8"];
    const black = await drawnSheet(orders, { layout, cropMarks: true }, { captions: "name", ink: "black" });
    const { black: share, ...others } = inkCoverage(black, "pdf");
    expect(others).toEqual({ cyan: 0, magenta: 0, yellow: 0 });
    expect(share).toBeGreaterThan(0.05);
    const spot = await drawnSheet(orders, { layout }, { captions: "id", spot: "PANTONE 286 C" });
    expect(spot).toContain("/Separation /PANTONE#20286#20C");
  });

  it("of labels too small for their codes are refused", async () => {
    const layout = { ...CUSTOM, rows: 14, columns: 12, gaps: { horizontal: 0, vertical: 0 } };
    await expect(drawnSheet(await labelOrders(1), { layout })).rejects.toMatchObject({
      kind: "unscannable",
      errors: [
        {
          path: "layout",
          message: expect.stringMatching(/^of \d+(\.\d)? × \d+(\.\d)? mm makes modules of 0\.\d+ mm/),
        },
      ],
    });
  });
});

const middle = (part: Part | undefined) => ({
  x: (part?.x ?? Number.NaN) + (part?.width ?? 0) / 2,
  y: (part?.y ?? Number.NaN) + (part?.height ?? 0) / 2,
});

/** A label without its border, where crop marks may stand. */
function inside({ x, y, width, height }: Part): Part {
  return { x: x + 1.6, y: y + 1.6, width: width - 3.2, height: height - 3.2 };
}
