import { Invalid, ServiceError } from "../../core/errors.ts";
import { bodyTooLarge } from "./body-too-large.ts";

/** As much of an event as its body is read from; the names of headers are in lower case. */
interface BodyEvent {
  headers: Record<string, string | undefined>;
  body?: string | undefined;
  isBase64Encoded: boolean;
}

/** A kind of text that a body may hold. */
export interface TextType {
  pattern: RegExp;
  /** What a refusal names. */
  named: string;
}

const JSON_TEXT: TextType = { pattern: /^application\/([a-z0-9.+-]+\+)?json$/, named: "application/json" };

/** JSON or CSV. */
export const JSON_OR_CSV: TextType = {
  pattern: /^(application\/([a-z0-9.+-]+\+)?json|text\/csv)$/,
  named: "application/json or text/csv",
};

/**
 * The text of a body, JSON unless its route takes more, which is UTF-8 (RFC 8259, 8.1), with or without a byte-order mark; `undefined` if there is none.
 * Of a body that came decoded, what was no UTF-8 shows as U+FFFD, which no field takes.
 *
 * @throws ServiceError `too-large`; `unsupported-media-type` for another type, another charset or a compressed body
 * @throws Invalid if it is not UTF-8
 */
export function bodyText(event: BodyEvent, maxBytes: number, taken = JSON_TEXT): string | undefined {
  const { headers, body, isBase64Encoded } = event;
  if (Buffer.byteLength(body ?? "", isBase64Encoded ? "base64" : "utf8") > maxBytes)
    throw bodyTooLarge(maxBytes);
  checkType(headers["content-type"] ?? "", taken);
  checkCoding(headers);
  if (body === undefined) return undefined;
  return isBase64Encoded ? decoded(body) : body.replace(/^\ufeff/, "");
}

/**
 * The bytes of a body, whatever its type says.
 *
 * @throws ServiceError `too-large`; `unsupported-media-type` for a compressed body
 * @throws Invalid if there is none
 */
export function bodyBytes({ headers, body = "", isBase64Encoded }: BodyEvent, maxBytes: number): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > maxBytes) throw bodyTooLarge(maxBytes);
  checkCoding(headers);
  if (bytes.length === 0) throw new Invalid([{ path: "body", message: "must not be empty" }]);
  return bytes;
}

function checkCoding(headers: BodyEvent["headers"]): void {
  const coding = (headers["content-encoding"] ?? "").trim().toLowerCase();
  if (coding !== "" && coding !== "identity") throw unsupported("content-encoding", "must not be compressed");
}

function checkType(contentType: string, { pattern, named }: TextType): void {
  const [type = "", ...parameters] = contentType.split(";");
  if (!pattern.test(type.trim().toLowerCase())) throw unsupported("content-type", `must be sent as ${named}`);
  for (const parameter of parameters) {
    const charset = /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/i.exec(parameter)?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset))
      throw unsupported("content-type", "must be sent as UTF-8");
  }
}

function decoded(base64: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"));
  } catch (error) {
    throw new Invalid([{ path: "body", message: "must be UTF-8" }], { cause: error });
  }
}

function unsupported(path: string, message: string): ServiceError {
  return new ServiceError("unsupported-media-type", `body: ${message}`, { errors: [{ path, message }] });
}
