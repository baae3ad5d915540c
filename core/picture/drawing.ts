import type { LogoImage } from "./logo-image.ts";
import type { DrawnFormat } from "./measures.ts";
import type { PictureOrder } from "./order.ts";
import type { PictureInfo } from "./picture-info.ts";

/** Draws the QR code of a text in a style and a format. */
export interface Pen {
  /** SVG as text, anything else as bytes. @throws what `drawPicture` throws */
  draw(format: DrawnFormat, order: PictureOrder): Promise<string | Uint8Array>;
  /** What would be drawn. @param idLength see `describePicture` */
  describe(order: PictureOrder, idLength: number): Promise<PictureInfo>;
}

/**
 * Where pictures are drawn. A picture takes 0.1 to 100 ms of CPU. A process that serves many requests at a time passes
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

/**
 * Draws a file that a tenant has sent as a logo anew: what is kept is a PNG that this service has written.
 *
 * @throws Invalid if it is not the whole of a picture that is safe to draw; ServiceError `unsupported-media-type` if it is
 * none of the formats; `busy` as `reserve`
 */
export type RedrawLogo = (file: Uint8Array) => Promise<LogoImage>;
