import type { PictureOptions } from "./options.ts";

/** Draws the QR code of a text. The options must come from `parsePictureOptions`. */
export interface Pen {
  /** A document. */
  svg(text: string, options: PictureOptions): Promise<string>;
  /** A file. @throws Invalid (`size`) if there is less than a pixel for each module */
  png(text: string, options: PictureOptions): Promise<Uint8Array>;
}

/**
 * Where pictures are drawn. A picture takes 1 to 30 ms of CPU. A process that serves many requests at a time passes
 * in worker threads, so that other requests are not blocked; Lambda serves one and draws inline (`inline-drawing.ts`).
 */
export interface Drawing {
  /**
   * Does work that needs a pen, with one kept free for it from the beginning: work that has begun is never refused.
   *
   * @throws ServiceError `busy`, before the work begins, if too much is waiting
   */
  reserve<T>(work: (pen: Pen) => Promise<T>): Promise<T>;
}
