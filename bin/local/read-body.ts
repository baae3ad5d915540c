import type { IncomingMessage, ServerResponse } from "node:http";
import { Invalid } from "../../core/errors.ts";
import { bodyTooLarge } from "../../functions/http/body-too-large.ts";
import type { BodyLimits } from "../../functions/manifest.ts";

/**
 * Reads the body of a request to a route that takes one; `undefined` if the request has none.
 *
 * @throws ServiceError `too-large` as soon as it is, or says it will be, longer than the route takes
 * @throws Invalid if the client goes away before its end
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes }: BodyLimits,
): Promise<Buffer | undefined> {
  const { "content-length": length, "transfer-encoding": coding, expect } = request.headers;
  if (length === undefined && coding === undefined) return undefined;
  if (Number(length) > maxBytes) throw bodyTooLarge(maxBytes);
  if (expect?.toLowerCase() === "100-continue") response.writeContinue();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // The socket has to survive, to carry the refusal.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Invalid([{ path: "body", message: "ended before it was complete" }], { cause: error });
  }
  if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
  return bytes === 0 ? undefined : Buffer.concat(chunks);
}
