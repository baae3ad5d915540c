import { createHash } from "node:crypto";
import document from "../../openapi.json" with { type: "json" };
import { compressed } from "../http/compress.ts";
import { type HttpHandler, publicEndpoint, type Telemetry } from "../http/endpoint.ts";
import { namesTag } from "../http/if-none-match.ts";
import { json } from "../http/reply.ts";

/** Serves the API's description as it is committed, which a test holds against the code. */
export function createHandler(services: Telemetry): HttpHandler {
  const digest = createHash("sha256").update(JSON.stringify(document)).digest("base64url");
  // Weak, since the same document goes out compressed and not.
  const etag = `W/"${digest.slice(0, 22)}"`;
  const headers = { "cache-control": "public, no-cache", vary: "accept-encoding", etag };
  return publicEndpoint(services, async (event) =>
    namesTag(event.headers["if-none-match"], etag)
      ? { statusCode: 304, headers: { ...headers } }
      : compressed(json(200, document, headers), event),
  );
}
