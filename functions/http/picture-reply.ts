import type { Pen } from "../../core/picture/drawing.ts";
import type { DrawnFormat, PictureFormat } from "../../core/picture/measures.ts";
import type { PictureOrder } from "../../core/picture/order.ts";
import { bytes, type HttpReply, json } from "./reply.ts";

const MEDIA_TYPES = {
  svg: "image/svg+xml",
  png: "image/png",
  pdf: "application/pdf",
  eps: "application/postscript",
} as const;

/**
 * A picture as it is drawn, or what there is to say of it.
 *
 * @param subject name of a file, without its ending, and as how many characters an ID ends the text
 * @throws what the pen throws
 */
export async function drawnReply(
  pen: Pen,
  format: PictureFormat,
  order: PictureOrder,
  subject: { name: string; idLength: number },
  headers: Record<string, string>,
): Promise<HttpReply> {
  if (format === "info") return json(200, await pen.describe(order, subject.idLength), headers);
  return pictureReply(format, await pen.draw(format, order), subject.name, headers);
}

/** A reply of a picture as a pen has drawn it. @param name of a file, without its ending */
export function pictureReply(
  format: DrawnFormat,
  picture: string | Uint8Array,
  name: string,
  headers: Record<string, string>,
): HttpReply {
  const own = { ...headers, "content-type": MEDIA_TYPES[format], ...disposition(format, name) };
  if (typeof picture === "string") return { statusCode: 200, headers: own, body: picture };
  return bytes(200, picture, own);
}

/** A name for what is rather kept than looked at. */
function disposition(format: DrawnFormat, name: string): Record<string, string> {
  if (format !== "pdf" && format !== "eps") return {};
  return { "content-disposition": `inline; filename="${name}.${format}"` };
}
