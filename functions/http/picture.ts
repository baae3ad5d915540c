import { scanUrl } from "../../core/code/qr-code.ts";
import type { Pen } from "../../core/picture/drawing.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import type { PictureFormat } from "../../core/picture/measures.ts";
import { type PictureQuery, parsePictureQuery } from "../../core/picture/picture-query.ts";
import { styleOver } from "../../core/picture/picture-style.ts";
import { pictureTag } from "../../core/picture/picture-tag.ts";
import { readPictured } from "../../data/read-pictured.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { qrIdOf, type TenantCall } from "./endpoint.ts";
import { namesTag } from "./if-none-match.ts";
import type { Ordered } from "./picture-order.ts";
import { drawnReply } from "./picture-reply.ts";
import { queriedOrder } from "./queried-order.ts";
import type { HttpReply } from "./reply.ts";

export type PictureHandler = (call: TenantCall, format: PictureFormat) => Promise<HttpReply>;

/**
 * Replies with the picture of the code that the path names, drawn as the query, the code and the tenant say, or with 304
 * to a caller that has it. The query is checked before anything is read.
 *
 * The handler throws Invalid for an option out of bounds or that there is not, Unscannable for a logo that is too large,
 * NotFound if the tenant has no such code, and a ServiceError `busy` if too many pictures wait to be drawn.
 */
export function pictureHandler(services: Services): PictureHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const drawing = services.drawing ?? inlineDrawing;
  return async ({ tenantId, event }, format) => {
    const qrId = qrIdOf(event);
    const query = parsePictureQuery(event.queryStringParameters ?? {}, format);
    const read = async () => {
      const ordered = await queriedPicture(services, baseUrl, tenantId, qrId, query);
      const { order, logoDigest } = ordered;
      const etag = `"${pictureTag(format, { ...order, logo: logoDigest })}"`;
      return { ...ordered, headers: { "cache-control": "private, no-cache", vary: "accept", etag } };
    };
    const ifNoneMatch = event.headers["if-none-match"];
    if (ifNoneMatch === undefined)
      return drawing.reserve(async (pen) => draw(pen, format, qrId, await read()));
    // Who has it needs no pen.
    const ordered = await read();
    if (namesTag(ifNoneMatch, ordered.headers.etag)) return { statusCode: 304, headers: ordered.headers };
    return drawing.reserve((pen) => draw(pen, format, qrId, ordered));
  };
}

async function queriedPicture(
  services: Services,
  baseUrl: string,
  tenantId: string,
  qrId: string,
  query: PictureQuery,
): Promise<Ordered> {
  const { code, tenantStyle } = await readPictured(services, tenantId, qrId);
  const stored = styleOver(code.style, tenantStyle);
  return queriedOrder(services, tenantId, { text: scanUrl(baseUrl, code), stored }, query);
}

function draw(
  pen: Pen,
  format: PictureFormat,
  qrId: string,
  { order, headers }: Ordered & { headers: Record<string, string> },
): Promise<HttpReply> {
  return drawnReply(pen, format, order, { name: qrId, idLength: qrId.length }, headers);
}
