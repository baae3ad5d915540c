/*
 * Redis and Lua strings are bytes. In here each is a JavaScript string with one character, U+0000 to U+00FF, per
 * byte: it can be a key of a Map, and a script may cut it in the middle of a UTF-8 sequence without harm.
 */

/** True if the UTF-8 bytes are the characters themselves. */
const isAscii = (text: string) => !/[^\0-\x7f]/.test(text);

/** Encodes a string as UTF-8, one character per byte. */
export function toBytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** Decodes UTF-8 bytes. What is not UTF-8 becomes U+FFFD, as in any client that replies with strings. */
export function fromBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, "latin1").toString("utf8");
}
