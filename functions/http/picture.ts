import { scanUrl } from "../../core/code/qr-code.ts";
import { Invalid } from "../../core/errors.ts";
import type { Pen } from "../../core/picture/drawing.ts";
import { inlineDrawing } from "../../core/picture/inline-drawing.ts";
import {
  PICTURE_PARAMETERS,
  type PictureFormat,
  type PictureOptions,
  parsePictureOptions,
} from "../../core/picture/options.ts";
import { pictureTag } from "../../core/picture/picture-tag.ts";
import { readCode } from "../../data/read-code.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { qrIdOf, type TenantCall } from "./endpoint.ts";
import { namesTag } from "./if-none-match.ts";
import type { HttpReply } from "./reply.ts";

export type PictureHandler = (call: TenantCall, format: PictureFormat) => Promise<HttpReply>;

/**
 * Replies with the picture of the code that the path names, drawn as the query says, or with 304 to a caller that has
 * it. The options are checked before anything is read.
 *
 * The handler throws Invalid for an option out of bounds or that there is not, NotFound if the tenant has no such code,
 * and a ServiceError `busy` if too many pictures wait to be drawn.
 */
export function pictureHandler(services: Services): PictureHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  const drawing = services.drawing ?? inlineDrawing;
  return async ({ tenantId, event }, format) => {
    const qrId = qrIdOf(event);
    const query = event.queryStringParameters ?? {};
    refuseUnknown(query, format);
    const options = parsePictureOptions(query, format);
    const text = scanUrl(baseUrl, qrId);
    const etag = `"${pictureTag(text, format, options)}"`;
    const headers = { "cache-control": "private, no-cache", vary: "accept", etag };
    if (namesTag(event.headers["if-none-match"], etag)) {
      await readCode(services, tenantId, qrId);
      return { statusCode: 304, headers };
    }
    return drawing.reserve(async (pen) => {
      await readCode(services, tenantId, qrId);
      return draw(pen, text, format, options, headers);
    });
  };
}

async function draw(
  pen: Pen,
  text: string,
  format: PictureFormat,
  options: PictureOptions,
  headers: HttpReply["headers"],
): Promise<HttpReply> {
  if (format === "svg") {
    const body = await pen.svg(text, options);
    return { statusCode: 200, headers: { ...headers, "content-type": "image/svg+xml" }, body };
  }
  const file = await pen.png(text, options);
  return {
    statusCode: 200,
    headers: { ...headers, "content-type": "image/png" },
    body: Buffer.from(file).toString("base64"),
    isBase64Encoded: true,
  };
}

function refuseUnknown(query: Record<string, string | undefined>, format: PictureFormat): void {
  const known: readonly string[] = ["format", ...PICTURE_PARAMETERS];
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Invalid(unknown.map((path) => ({ path, message: `is not a parameter of a ${format} reply` })));
}
