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
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else {
        // The socket has to survive, to carry the refusal.
        request.off("data", take).pause();
        reject(bodyTooLarge(maxBytes));
      }
    };
    // By its events: an iterator costs several times as much as a body of one chunk.
    request
      .on("data", take)
      .on("end", () => resolve(bytes === 0 ? undefined : Buffer.concat(chunks)))
      .on("error", (cause) => reject(endedEarly(cause)))
      .on("close", () => request.complete || reject(endedEarly()));
  });
}

function endedEarly(cause?: Error): Invalid {
  return new Invalid([{ path: "body", message: "ended before it was complete" }], { cause });
}
