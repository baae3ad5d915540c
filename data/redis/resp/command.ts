/**
 * A command as RESP sends it: a list of strings, each after its length in bytes.
 *
 * @returns Latin-1, in which a character is a byte
 */
export function encoded(parts: readonly string[]): string {
  const text = framed(parts, lengthOf);
  // Looked at once, which costs less than once for each part.
  if (Buffer.byteLength(text) === text.length) return text;
  return Buffer.from(framed(parts, Buffer.byteLength)).toString("latin1");
}

const lengthOf = (part: string) => part.length;

/** The lines between two parts, by the length of the second: what is joined of fewer strings is sooner made. */
const LINES = Array.from({ length: 1_024 }, (_, length) => linesBefore(length));

function linesBefore(length: number): string {
  return `\r\n$${length}\r\n`;
}

function framed(parts: readonly string[], bytesOf: (part: string) => number): string {
  let text = `*${parts.length}`;
  for (const part of parts) {
    const length = bytesOf(part);
    text += (LINES[length] ?? linesBefore(length)) + part;
  }
  return `${text}\r\n`;
}
