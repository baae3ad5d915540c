import { setPriority } from "node:os";
import { ServiceError } from "../../core/errors.ts";
import { drawPicture } from "../../core/picture/draw.ts";
import { describePicture } from "../../core/picture/info.ts";
import type { LogoImage } from "../../core/picture/logo-image.ts";
import type { DrawnFormat } from "../../core/picture/measures.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import type { PictureInfo } from "../../core/picture/picture-info.ts";
import type { Pixels } from "../../core/picture/pixels.ts";
import { decodedLogo, shrunk } from "../../core/picture/raster.ts";
import { drawLabel } from "../../core/sheet/draw-label.ts";
import type { LabelForm, LabelOrder, LabelPaper } from "../../core/sheet/label.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";

export type Order =
  | { kind: "draw"; format: DrawnFormat; order: PictureOrder }
  | { kind: "describe"; order: PictureOrder; idLength: number }
  | { kind: "redraw"; file: Uint8Array }
  | { kind: "labels"; orders: readonly LabelOrder[]; paper: LabelPaper }
  | { kind: "logo"; png: Uint8Array; longestSide: number };

/** A thrown error would cross to the other thread without its class. */
export type Done =
  | { result: string | Uint8Array | PictureInfo | LogoImage | LabelForm[] | Pixels }
  | Pick<ServiceError, "kind" | "message" | "errors">;

/** A nice value that lets scans go first where there are fewer processors than threads. */
const NICE = 10;

// On Linux it is a thread's own (setpriority(2), "C library/kernel differences"); elsewhere it would be the whole process's.
if (process.platform === "linux") setPriority(NICE);

/** What a thread of the drawing pool does. */
export default async function work(order: Order): Promise<Done> {
  try {
    return { result: await resultOf(order) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { kind, message, errors } = error;
    return { kind, message, errors };
  }
}

async function resultOf(order: Order) {
  if (order.kind === "draw") return drawPicture(order.format, order.order);
  if (order.kind === "labels") return order.orders.map((label) => drawLabel(label, order.paper));
  if (order.kind === "logo") return shrunk(decodedLogo(order.png), order.longestSide);
  if (order.kind === "redraw") return redrawLogo(order.file);
  return describePicture(order.order, order.idLength);
}
