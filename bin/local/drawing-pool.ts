import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { Invalid, ServiceError } from "../../core/errors.ts";
import type { Drawing, Pen } from "../../core/picture/drawing.ts";
import type { PictureFormat, PictureOptions } from "../../core/picture/options.ts";
import type { Drawn, Order } from "./drawing-worker.ts";

export interface DrawingPool extends Drawing {
  close(): Promise<void>;
}

/** Requests that may draw or wait to draw at a time. The last of them waits for half a second on one processor (8 ms a picture). */
const MAX_RESERVED = 64;

/** One processor is left to whatever does not draw. */
const MAX_THREADS = 4;

/** How long a thread without work is kept, in milliseconds. */
const IDLE_MS = 60_000;

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

  const draw = async (format: PictureFormat, text: string, options: PictureOptions) => {
    const order: Order = { format, text, options };
    const drawn: Drawn = await pool.run(order);
    if ("errors" in drawn) throw new Invalid(drawn.errors ?? []);
    return drawn.picture;
  };
  const pen: Pen = {
    svg: (text, options) => draw("svg", text, options) as Promise<string>,
    png: (text, options) => draw("png", text, options) as Promise<Uint8Array>,
  };

  return {
    async reserve(work) {
      if (reserved >= maxReserved)
        throw new ServiceError("busy", "too many pictures are waiting to be drawn");
      reserved += 1;
      try {
        return await work(pen);
      } finally {
        reserved -= 1;
      }
    },
    close: () => pool.destroy(),
  };
}
