/** Whether Redis alone answered, for whoever measures replies. A symbol, since what Lambda sends holds none. */
export const CACHED = Symbol("cached");

/** What a Lambda behind an HTTP API returns (payload format 2.0). */
export interface HttpReply {
  statusCode: number;
  headers: Record<string, string>;
  body?: string;
  isBase64Encoded?: boolean;
  [CACHED]?: boolean;
}

/** Keeps a reply out of the indexes of search engines. */
export const NO_INDEX = { "x-robots-tag": "noindex" };

/** A reply of bytes. */
export function bytes(
  statusCode: number,
  body: Uint8Array,
  headers: Record<string, string> & { "content-type": string },
): HttpReply {
  return { statusCode, headers, body: Buffer.from(body).toString("base64"), isBase64Encoded: true };
}

/** A JSON reply. */
export function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): HttpReply {
  return jsonText(statusCode, JSON.stringify(body), headers);
}

/** A reply of ready JSON text. It must not be stored, since counts and targets change at any time. */
export function jsonText(statusCode: number, body: string, headers: Record<string, string> = {}): HttpReply {
  return {
    statusCode,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
    body,
  };
}
