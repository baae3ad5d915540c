import { contentSchema, textOf } from "../../core/content/content.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import { styleWithRoom } from "../../core/picture/level-for.ts";
import { parsePictureQuery } from "../../core/picture/picture-query.ts";
import { readTenantStyle } from "../../data/read-pictured.ts";
import { type HttpHandler, tenantBodyEndpoint } from "../http/endpoint.ts";
import { formatOf } from "../http/picture-format.ts";
import { drawnReply } from "../http/picture-reply.ts";
import { queriedOrder } from "../http/queried-order.ts";
import { validate } from "../http/validate.ts";
import type { Services } from "../runtime/services.ts";

/** What is drawn may be a password: no cache keeps it. */
const HEADERS = { "cache-control": "no-store", vary: "accept" };

/**
 * Draws what the body says, in the query's style over the tenant's default. Nothing of it is stored or logged.
 *
 * The handler throws Invalid for a content or an option that is not one, Unscannable for what no code holds or a logo that is
 * too large, and a ServiceError `busy` if too many pictures wait to be drawn.
 */
export function createHandler(services: Services): HttpHandler {
  const drawing = services.drawing ?? inlineDrawing;
  return tenantBodyEndpoint("static-picture", services, async ({ tenantId, event, body }) => {
    const { format: asked, ...options } = event.queryStringParameters ?? {};
    const format = formatOf(asked, event.headers.accept);
    const query = parsePictureQuery(options, format);
    const { kind, text } = textOf(validate(contentSchema, body, "body"));
    return drawing.reserve(async (pen) => {
      const tenantStyle = await readTenantStyle(services, tenantId);
      const stored = styleWithRoom(text, { ...tenantStyle, ...ecc(query.style.ecc) }, kind, query.style.ecc);
      const { order } = await queriedOrder(services, tenantId, { text, stored }, query);
      return drawnReply(pen, format, order, { name: kind, idLength: 0 }, HEADERS);
    });
  });
}

const ecc = <T>(level: T | undefined) => (level === undefined ? {} : { ecc: level });
