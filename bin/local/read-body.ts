import type { IncomingMessage } from "node:http";
import { Invalid, ServiceError } from "../../core/errors.ts";

/** API Gateway's limit on a request (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). */
const MAX_BYTES = 10 * 1024 * 1024;

/**
 * Reads a request's body; `undefined` if it has none.
 *
 * @throws ServiceError `too-large` as soon as it is, or says it will be, longer than API Gateway takes
 * @throws Invalid if the client goes away before its end
 */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.headers["content-length"] === undefined && request.headers["transfer-encoding"] === undefined) {
    return undefined;
  }
  if (Number(request.headers["content-length"]) > MAX_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // The socket has to survive, to carry the refusal.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new Invalid([{ path: "body", message: "ended before it was complete" }], { cause: error });
  }
  return bytes === 0 ? undefined : Buffer.concat(chunks);
}

function tooLarge(): ServiceError {
  return new ServiceError("too-large", "the body must have at most 10 MiB", {
    errors: [{ path: "body", message: "must have at most 10 MiB" }],
  });
}
