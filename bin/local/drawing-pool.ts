import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { ServiceError } from "../../core/errors.ts";
import { designOf, isPlain } from "../../core/picture/design.ts";
import { drawSvg } from "../../core/picture/draw-svg.ts";
import type { Drawing, Pen, RedrawLogo } from "../../core/picture/drawing.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { DrawnFormat } from "../../core/picture/measures.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import type { PictureInfo } from "../../core/picture/picture-info.ts";
import type { Pixels } from "../../core/picture/pixels.ts";
import type { LabelForm } from "../../core/sheet/label.ts";
import type { SheetDrawing, SheetPen } from "../../core/sheet/sheet-drawing.ts";
import { takesTooLong } from "../../functions/put-logo/refusal.ts";
import type { Done, Order } from "./drawing-worker.ts";

export interface DrawingPool extends Drawing {
  redrawLogo: RedrawLogo;
  sheets: SheetDrawing;
  close(): Promise<void>;
}

/** Requests that may draw or wait to draw at a time. The last of them waits for half a second on one processor (8 ms a picture). */
const MAX_RESERVED = 64;

/** One processor is left to whatever does not draw. */
const MAX_THREADS = 4;

/** A plain SVG of a text this short takes 0.1 ms here, which is less than to hand it to a thread. In UTF-16 code units. */
const MAX_SHORT = 80;

/** How long a thread without work is kept, in milliseconds. */
const IDLE_MS = 60_000;

/** A thread that has not redrawn a logo by then is ended with what it does. In milliseconds. */
const REDRAW_MS = 5_000;

/** Threads that draw. They are started with the first picture. */
export function drawingPool(maxReserved = MAX_RESERVED): DrawingPool {
  // Under `node --watch` a thread reports what it imports by a message to its parent, and tinypool throws at a message that
  // it does not know. What this process preloads is not for its threads.
  const { WATCH_REPORT_DEPENDENCIES: _watched, ...env } = process.env;
  const pool = new Tinypool({
    env: env as Record<string, string>,
    execArgv: [],
    filename: new URL("./drawing-worker.ts", import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1)),
    idleTimeout: IDLE_MS,
  });
  let reserved = 0;

  const run = async <T>(order: Order, signal?: AbortSignal): Promise<T> => {
    const done: Done = await pool.run(order, signal ? { signal } : {});
    if ("result" in done) return done.result as T;
    throw new ServiceError(done.kind, done.message, done.errors ? { errors: done.errors } : {});
  };
  const pen: Pen = {
    draw: async (format, order) =>
      isSoonDrawn(format, order) ? drawSvg(order) : run<string | Uint8Array>({ kind: "draw", format, order }),
    describe: (order, idLength) => run<PictureInfo>({ kind: "describe", order, idLength }),
  };

  const sheetPen: SheetPen = {
    labels: (orders, paper) => run<LabelForm[]>({ kind: "labels", orders, paper }),
    logo: (png, longestSide) => run<Pixels>({ kind: "logo", png, longestSide }),
  };

  const reserveFor = async <T>(work: () => Promise<T>): Promise<T> => {
    if (reserved >= maxReserved) throw new ServiceError("busy", "too many pictures are waiting to be drawn");
    reserved += 1;
    try {
      return await work();
    } finally {
      reserved -= 1;
    }
  };
  const redraw = async (file: Uint8Array): Promise<LogoImage> => {
    const deadline = AbortSignal.timeout(REDRAW_MS);
    try {
      return await run<LogoImage>({ kind: "redraw", file }, deadline);
    } catch (error) {
      throw deadline.aborted && !(error instanceof ServiceError) ? takesTooLong(error) : error;
    }
  };

  return {
    reserve: (work) => reserveFor(() => work(pen)),
    redrawLogo: (file) => reserveFor(() => redraw(file)),
    sheets: { reserve: (work) => reserveFor(() => work(sheetPen)) },
    close: () => pool.destroy(),
  };
}

/** Whether a picture is one of those that most codes have: that of a scan URL, in squares. */
function isSoonDrawn(format: DrawnFormat, { text, style, logo }: PictureOrder): boolean {
  return format === "svg" && text.length <= MAX_SHORT && isPlain(designOf(style), logo !== undefined);
}
