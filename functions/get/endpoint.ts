import { presentCode, scanUrl } from "../../core/code/qr-code.ts";
import { parsePictureOptions } from "../../core/picture/options.ts";
import { readCode } from "../../data/read-code.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { type HttpReply, json } from "../http/reply.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { refuseUnknown } from "./query.ts";
import { type Representation, representationOf } from "./representation.ts";

type Query = Record<string, string | undefined>;

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  return tenantEndpoint(services, async ({ tenantId, event }) => {
    const qrId = qrIdOf(event);
    const query = event.queryStringParameters ?? {};
    const representation = representationOf(query.format, event.headers.accept);
    refuseUnknown(query, representation);
    const draw = representation === "json" ? undefined : painter(representation, query);
    const { code, counts, cached } = await readCode(services, tenantId, qrId);
    if (draw) return draw(scanUrl(baseUrl, qrId));
    return json(200, { ...presentCode(code, counts.scans, baseUrl), cached }, { vary: "accept" });
  });
}

/** Checks the options before anything is read, and returns what draws the picture. */
function painter(
  format: Exclude<Representation, "json">,
  query: Query,
): (text: string) => Promise<HttpReply> {
  const options = parsePictureOptions(query, format);
  const headers = { "cache-control": "private, no-cache", vary: "accept" };
  if (format === "svg") {
    return async (text) => {
      const { svgPicture } = await import("../../core/picture/svg.ts");
      return {
        statusCode: 200,
        headers: { ...headers, "content-type": "image/svg+xml" },
        body: svgPicture(text, options),
      };
    };
  }
  return async (text) => {
    const { pngPicture } = await import("../../core/picture/png.ts");
    return {
      statusCode: 200,
      headers: { ...headers, "content-type": "image/png" },
      body: Buffer.from(pngPicture(text, options)).toString("base64"),
      isBase64Encoded: true,
    };
  };
}
