import { afterEach, describe, expect, it } from "vitest";
import { type DrawingPool, drawingPool } from "../../bin/local/drawing-pool.ts";
import { ServiceError } from "../../core/errors.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import { drawSheet } from "../../core/sheet/draw-sheet.ts";
import { inlineSheets } from "../../core/sheet/inline-sheets.ts";
import { SHEETS } from "../../core/sheet/layouts.ts";
import { labelOrders } from "../support/label-sheets.ts";

const TEXT = "https://qr.example.com/scan/qr_123456789012";
const PLAIN: PictureOrder = { text: TEXT, style: {}, fit: "refuse", measures: {} };
const LONG: PictureOrder = { ...PLAIN, text: `${TEXT}?${"to".repeat(100)}` };
const LARGE: PictureOrder = { ...PLAIN, measures: { px: 2_048 } };
const STYLED: PictureOrder = { ...PLAIN, style: { modules: "dots", caption: "Scan me", frame: "banner" } };

const pools: DrawingPool[] = [];
function pool(maxReserved?: number): DrawingPool {
  const opened = drawingPool(maxReserved);
  pools.push(opened);
  return opened;
}
afterEach(async () => {
  for (const opened of pools.splice(0)) await opened.close();
});

describe("threads that draw", () => {
  it("draw what is drawn inline, to the byte", async () => {
    for (const draw of [
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("svg", PLAIN)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("svg", LONG)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("svg", STYLED)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("png", LARGE)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("pdf", STYLED)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.draw("png", STYLED)),
    ]) {
      const [threads, inline] = [await draw(pool()), await draw(inlineDrawing)].map((drawn) =>
        Buffer.from(drawn as Uint8Array),
      );
      expect(inline && threads?.equals(inline)).toBe(true);
    }
    const describe = (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.describe(STYLED, 15));
    expect(await describe(pool())).toEqual(await describe(inlineDrawing));
  });

  it("are not asked for the plain SVG of a scan URL, but for any that is longer or styled", async () => {
    const started: unknown[] = [];
    const note = (worker: unknown) => void started.push(worker);
    process.on("worker", note);
    const threads: number[] = [];
    for (const order of [PLAIN, LONG, STYLED]) {
      const before = started.length;
      await pool().reserve((pen) => pen.draw("svg", order));
      threads.push(started.length - before);
    }
    process.off("worker", note);
    expect(threads).toEqual([0, 1, 1]);
  });

  it("draw sheets of labels as they are drawn inline, to the byte", async () => {
    const orders = await labelOrders(25);
    const plan = { layout: SHEETS["a4-3x8"], copies: 2, skip: 1, cropMarks: true };
    const [threads, inline] = await Promise.all(
      [pool().sheets, inlineSheets].map((sheets) =>
        sheets.reserve((pen) => drawSheet(pen, orders, { captions: "name" }, plan)),
      ),
    );
    expect(threads === inline).toBe(true);
  });

  it("refuse what can't be drawn as it is refused inline", async () => {
    const order: PictureOrder = { ...PLAIN, style: { margin: 16 }, measures: { px: 64 } };
    const failures = await Promise.all(
      [pool(), inlineDrawing].map((drawing) =>
        drawing.reserve((pen) => pen.draw("png", order)).catch((error: unknown) => error),
      ),
    );
    const [threads, inline] = failures as [ServiceError, ServiceError];
    expect(threads).toBeInstanceOf(ServiceError);
    expect([threads.kind, threads.message]).toEqual([inline.kind, inline.message]);
    expect(threads.errors).toEqual(inline.errors);
    expect(threads.errors?.[0]?.path).toBe("size");
  });

  it("report a defect as such", async () => {
    const tooLong = pool().reserve((pen) => pen.draw("svg", { ...PLAIN, text: "x".repeat(3_000) }));
    await expect(tooLong).rejects.toThrow(RangeError);
  });

  it("leave this thread free", async () => {
    let turns = 0;
    let drawing = true;
    const count = () => {
      turns += 1;
      if (drawing) setImmediate(count);
    };
    setImmediate(count);
    const turnsOf = async (draw: () => Promise<unknown>) => {
      const before = turns;
      await draw();
      return turns - before;
    };
    const threads = pool();
    // The event loop turns while a thread draws, and does not while this one does.
    expect(await turnsOf(() => threads.reserve((pen) => pen.draw("png", LARGE)))).toBeGreaterThan(0);
    await inlineDrawing.reserve((pen) => pen.draw("png", LARGE));
    expect(await turnsOf(() => inlineDrawing.reserve((pen) => pen.draw("png", LARGE)))).toBe(0);
    drawing = false;
  });

  it("refuse as busy, before it begins, what goes beyond their bound, and take more when work is done", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const threads = pool(2);
    const under = [threads.reserve(() => promise), threads.reserve(() => promise)];
    let begun = false;
    const refused = threads.reserve(async () => {
      begun = true;
    });
    await expect(refused).rejects.toThrow(ServiceError);
    await expect(refused).rejects.toMatchObject({ kind: "busy" });
    expect(begun).toBe(false);
    resolve("done");
    expect(await Promise.all(under)).toEqual(["done", "done"]);
    expect(await threads.reserve(async (pen) => (await pen.draw("svg", PLAIN)).slice(0, 4))).toBe("<svg");
  });

  it("keep no place for work that failed", async () => {
    const threads = pool(1);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(threads.reserve(() => Promise.reject(new Error("test")))).rejects.toThrow("test");
    }
  });
});
