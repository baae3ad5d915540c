import { codeTag } from "../../core/code/code-tag.ts";
import type { QrCode } from "../../core/code/qr-code.ts";
import { type HttpReply, json } from "./reply.ts";

/** A reply that shows one code, with its tag. */
export function replyWithCode(
  statusCode: number,
  code: QrCode,
  added: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): HttpReply {
  return json(statusCode, { ...code, ...added }, { etag: codeTag(code), ...headers });
}
