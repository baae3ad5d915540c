import type { DrawnFormat } from "../../core/picture/measures.ts";
import { bytes, type HttpReply } from "./reply.ts";

const MEDIA_TYPES = {
  svg: "image/svg+xml",
  png: "image/png",
  pdf: "application/pdf",
  eps: "application/postscript",
} as const;

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
