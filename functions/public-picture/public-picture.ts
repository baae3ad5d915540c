import { NotFound } from "../../core/errors.ts";
import type { Pen } from "../../core/picture/drawing.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import { pictureTag } from "../../core/picture/picture-tag.ts";
import { findPictured } from "../../data/postgres/read-pictured.ts";
import { compressed } from "../http/compress.ts";
import { type HttpHandler, publicEndpoint, qrIdOf } from "../http/endpoint.ts";
import { namesTag } from "../http/if-none-match.ts";
import { type Ordered, storedPicture } from "../http/picture-order.ts";
import { pictureReply } from "../http/picture-reply.ts";
import { type HttpReply, NO_INDEX } from "../http/reply.ts";
import type { AuthorizedEvent } from "../http/tenancy.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";

/** `no-cache`: a copy may be kept and is asked for again each time, since it would outlive an edit. */
const HEADERS = {
  "cache-control": "no-cache",
  // Opened as a page of its own, an SVG loads and runs nothing.
  "content-security-policy": "default-src 'none'; img-src data:",
  "x-content-type-options": "nosniff",
};

/**
 * Replies to anybody with the picture of the code that the path names, in its stored style, whatever the query says, or
 * with 304. It is read from Postgres, so that no edit is missed, and counts nothing.
 *
 * The handler throws NotFound for a code that there is not or no more, and a ServiceError `busy` if too many pictures wait
 * to be drawn.
 */
export function publicPicture(format: "svg" | "png", services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const drawing = services.drawing ?? inlineDrawing;
  const handle = async (event: AuthorizedEvent): Promise<HttpReply> => {
    const qrId = qrIdOf(event);
    const ordered = await read(services, baseUrl, qrId);
    const { order, logoDigest } = ordered;
    const etag = `"${pictureTag(format, { ...order, logo: logoDigest })}"`;
    const headers = { ...HEADERS, etag };
    if (namesTag(event.headers["if-none-match"], etag)) return { statusCode: 304, headers };
    const draw = async (pen: Pen) => pictureReply(format, await pen.draw(format, order), qrId, headers);
    return compressed(await drawing.reserve(draw), event);
  };
  return publicEndpoint(services, handle, NO_INDEX);
}

async function read(services: Services, baseUrl: string, qrId: string): Promise<Ordered> {
  const pictured = await findPictured(services.db, qrId);
  if (!pictured) throw new NotFound(qrId);
  return storedPicture(services, baseUrl, pictured);
}
