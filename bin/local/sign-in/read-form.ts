import type { IncomingMessage } from "node:http";

/** Far more than a tenant, a role and a secret take, in bytes. */
const MAX_FORM = 8 * 1024;

/** Reads a form's fields; what is longer than a form is read as an empty one. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_FORM) chunks.push(chunk);
  }
  return new URLSearchParams(length > MAX_FORM ? "" : Buffer.concat(chunks).toString("utf8"));
}
