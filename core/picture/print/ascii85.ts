/** Bytes as PostScript's `ASCII85Decode` reads them, in lines of 75 characters. */
export function ascii85(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const length = Math.min(4, bytes.length - at);
    let word = 0;
    for (let n = 0; n < 4; n++) word = word * 256 + (bytes[at + n] ?? 0);
    if (word === 0 && length === 4) {
      text += "z";
      continue;
    }
    let digits = "";
    for (let n = 0; n < 5; n++) {
      digits = String.fromCharCode(33 + (word % 85)) + digits;
      word = Math.floor(word / 85);
    }
    text += digits.slice(0, length + 1);
  }
  // A line that begins with `%` would be taken for a comment by what looks for them.
  return `${text.replace(/.{75}/g, "$&\n").replace(/^%/gm, " %")}~>`;
}
