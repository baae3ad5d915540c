import { codeTag } from "../../core/code/code-tag.ts";
import { spliced, taggedCodes } from "../../core/code/reply-text.ts";
import { Invalid } from "../../core/errors.ts";
import { readCode } from "../../data/read-code.ts";
import { type HttpHandler, qrIdOf, tenantEndpoint } from "../http/endpoint.ts";
import { unlessKnown } from "../http/if-none-match.ts";
import type { PictureHandler } from "../http/picture.ts";
import { CACHED, jsonText } from "../http/reply.ts";
import { required } from "../runtime/env.ts";
import type { Services } from "../runtime/services.ts";
import { representationOf } from "./representation.ts";

export function createHandler(services: Services): HttpHandler {
  const baseUrl = required(services.env, "PUBLIC_BASE_URL");
  let picture: Promise<PictureHandler> | undefined;
  return tenantEndpoint("get", services, async (call) => {
    const { tenantId, event } = call;
    const qrId = qrIdOf(event);
    const query = event.queryStringParameters ?? {};
    const representation = representationOf(query.format, event.headers.accept);
    if (representation !== "json") {
      picture ??= loadPicture(services);
      return (await picture)(call, representation);
    }
    refuseOptions(query);
    const { reply, counts, cached } = await readCode(services, tenantId, qrId);
    const [scans, now] = [[counts.scans], services.now()];
    const [etag = ""] = taggedCodes(reply, scans, now).map(codeTag);
    const code = spliced(reply, scans, baseUrl, now);
    const shown = jsonText(200, `${code.slice(0, -1)},"cached":${cached}}`, {
      etag,
      vary: "accept",
    });
    return unlessKnown(event.headers["if-none-match"], { ...shown, [CACHED]: cached });
  });
}

/** With the first picture that is asked for: most reads are of JSON. */
async function loadPicture(services: Services): Promise<PictureHandler> {
  const { pictureHandler } = await import("../http/picture.ts");
  return pictureHandler(services);
}

/** @throws Invalid if the query holds a parameter that a reply of JSON would ignore */
function refuseOptions(query: Record<string, string | undefined>): void {
  const ignored = Object.keys(query).filter((name) => name !== "format");
  if (ignored.length === 0) return;
  throw new Invalid(ignored.map((path) => ({ path, message: "is not a parameter of a json reply" })));
}
