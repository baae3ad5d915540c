import { afterEach, describe, expect, it } from "vitest";
import { type DrawingPool, drawingPool } from "../../bin/local/drawing-pool.ts";
import { Invalid, ServiceError } from "../../core/errors.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import { parsePictureOptions } from "../../core/picture/options.ts";

const TEXT = "https://qr.example.com/scan/qr_123456789012";
const SVG = parsePictureOptions({}, "svg");
const PNG = parsePictureOptions({ size: "2048" }, "png");

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
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.svg(TEXT, SVG)),
      (drawing: typeof inlineDrawing) => drawing.reserve((pen) => pen.png(TEXT, PNG)),
    ]) {
      expect(Buffer.from(await draw(pool())).equals(Buffer.from(await draw(inlineDrawing)))).toBe(true);
    }
  });

  it("refuse what can't be drawn as it is refused inline", async () => {
    const options = parsePictureOptions({ size: "64", margin: "16" }, "png");
    const failures = await Promise.all(
      [pool(), inlineDrawing].map((drawing) =>
        drawing.reserve((pen) => pen.png(TEXT, options)).catch((error: unknown) => error),
      ),
    );
    const [threads, inline] = failures as [Invalid, Invalid];
    expect(threads).toBeInstanceOf(Invalid);
    expect(threads.errors).toEqual(inline.errors);
    expect(threads.errors?.[0]?.path).toBe("size");
  });

  it("report a defect as such", async () => {
    const tooLong = pool().reserve((pen) => pen.svg("x".repeat(3_000), SVG));
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
    expect(await turnsOf(() => threads.reserve((pen) => pen.png(TEXT, PNG)))).toBeGreaterThan(0);
    await inlineDrawing.reserve((pen) => pen.png(TEXT, PNG));
    expect(await turnsOf(() => inlineDrawing.reserve((pen) => pen.png(TEXT, PNG)))).toBe(0);
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
    expect(await threads.reserve(async (pen) => (await pen.svg(TEXT, SVG)).slice(0, 4))).toBe("<svg");
  });

  it("keep no place for work that failed", async () => {
    const threads = pool(1);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(threads.reserve(() => Promise.reject(new Error("test")))).rejects.toThrow("test");
    }
  });
});
