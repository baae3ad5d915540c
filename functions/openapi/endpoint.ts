import { createHash } from "node:crypto";
import { compressed } from "../http/compress.ts";
import { type HttpHandler, publicEndpoint, type Telemetry } from "../http/endpoint.ts";
import { namesTag } from "../http/if-none-match.ts";
import { jsonText } from "../http/reply.ts";

interface Description {
  text: string;
  headers: Record<string, string>;
}

/** Serves the API's description as it is committed, which a test holds against the code. It is loaded with the first request. */
export function createHandler(services: Telemetry): HttpHandler {
  let loading: Promise<Description> | undefined;
  return publicEndpoint(services, async (event) => {
    loading ??= load();
    const { text, headers } = await loading;
    return namesTag(event.headers["if-none-match"], headers.etag ?? "")
      ? { statusCode: 304, headers: { ...headers } }
      : compressed(jsonText(200, text, headers), event);
  });
}

async function load(): Promise<Description> {
  const { default: document } = await import("../../openapi.json", { with: { type: "json" } });
  const text = JSON.stringify(document);
  const digest = createHash("sha256").update(text).digest("base64url");
  // Weak, since the same document goes out compressed and not.
  const etag = `W/"${digest.slice(0, 22)}"`;
  return { text, headers: { "cache-control": "public, no-cache", vary: "accept-encoding", etag } };
}
