import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { tagOfGzip } from "./if-none-match.ts";
import type { HttpReply } from "./reply.ts";
import type { AuthorizedEvent } from "./tenancy.ts";

/** Shorter bodies fit into a packet or two as they are. In characters. */
const MIN_LENGTH = 1_024;

const TEXT_TYPE = /^(?:application\/(?:[\w.-]+\+)?json|application\/x-ndjson|text\/csv)\b/;

/**
 * On a thread of libuv's, not on the one that serves requests. Made promise-based at each call: done once for all at the import, it
 * would have the scan's bundle load zlib, which takes a millisecond of its cold start.
 */
const gzipped = (text: string) => promisify(gzip)(text);

/** A reply of JSON or of rows as the request's `Accept-Encoding` would have it: an HTTP API of API Gateway compresses nothing. */
export async function compressed(
  reply: HttpReply,
  { headers }: Pick<AuthorizedEvent, "headers">,
): Promise<HttpReply> {
  const { body = "", isBase64Encoded } = reply;
  const isText = TEXT_TYPE.test(reply.headers["content-type"] ?? "");
  if (!isText || isBase64Encoded || body.length < MIN_LENGTH) return reply;
  const varying = { ...reply.headers, vary: varyingByEncoding(reply.headers.vary) };
  if (!acceptsGzip(headers["accept-encoding"])) return { ...reply, headers: varying };
  const bytes = await gzipped(body);
  return {
    ...reply,
    headers: { ...varying, ...tagged(reply.headers.etag), "content-encoding": "gzip" },
    body: bytes.toString("base64"),
    isBase64Encoded: true,
  };
}

const tagged = (etag: string | undefined) => (etag === undefined ? {} : { etag: tagOfGzip(etag) });

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
function acceptsGzip(acceptEncoding = ""): boolean {
  const qualities = new Map(
    acceptEncoding
      .toLowerCase()
      .split(",")
      .map((coding): [string, number] => {
        const [name = "", ...parameters] = coding.split(";").map((part) => part.trim());
        const quality = parameters.find((parameter) => parameter.startsWith("q="));
        return [name, quality === undefined ? 1 : Number(quality.slice("q=".length))];
      }),
  );
  return (qualities.get("gzip") ?? qualities.get("*") ?? 0) > 0;
}

function varyingByEncoding(vary: string | undefined): string {
  const names = vary === undefined ? [] : vary.split(",").map((name) => name.trim());
  return names.includes("accept-encoding") ? names.join(", ") : [...names, "accept-encoding"].join(", ");
}
