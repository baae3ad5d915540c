import { presentCode, scanUrl } from "../../core/code/qr-code.ts";
import type { Pen } from "../../core/picture/drawing.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import { type PictureFormat, parsePictureOptions } from "../../core/picture/options.ts";
import { readCode } from "../../data/read-code.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { type HttpReply, json } from "../http/reply.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { refuseUnknown } from "./query.ts";
import { representationOf } from "./representation.ts";

type Query = Record<string, string | undefined>;

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const drawing = services.drawing ?? inlineDrawing;
  return tenantEndpoint(services, async ({ tenantId, event }) => {
    const qrId = qrIdOf(event);
    const query = event.queryStringParameters ?? {};
    const representation = representationOf(query.format, event.headers.accept);
    refuseUnknown(query, representation);
    if (representation === "json") {
      const { code, counts, cached } = await readCode(services, tenantId, qrId);
      return json(
        200,
        { ...presentCode(code, counts.scans, baseUrl, services.now()), cached },
        { vary: "accept" },
      );
    }
    const draw = painter(representation, query);
    return drawing.reserve(async (pen) => {
      await readCode(services, tenantId, qrId);
      return draw(pen, scanUrl(baseUrl, qrId));
    });
  });
}

/** Checks the options before anything is read, and returns what draws the picture. */
function painter(format: PictureFormat, query: Query): (pen: Pen, text: string) => Promise<HttpReply> {
  const options = parsePictureOptions(query, format);
  const headers = { "cache-control": "private, no-cache", vary: "accept" };
  if (format === "svg") {
    return async (pen, text) => ({
      statusCode: 200,
      headers: { ...headers, "content-type": "image/svg+xml" },
      body: await pen.svg(text, options),
    });
  }
  return async (pen, text) => ({
    statusCode: 200,
    headers: { ...headers, "content-type": "image/png" },
    body: Buffer.from(await pen.png(text, options)).toString("base64"),
    isBase64Encoded: true,
  });
}
