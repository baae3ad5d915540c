import { createHash } from "node:crypto";

/*
 * Names of files that every file system takes: Windows refuses some characters, names of devices whatever stands behind
 * their first dot, and a dot or a space at the end
 * (https://learn.microsoft.com/windows/win32/fileio/naming-a-file); it and macOS take letters in either case for the
 * same; Linux takes 255 bytes and an encrypted home 143 of them.
 */

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)$/i;

/** Most bytes of the part that comes from a code's name: with an ID of 64 characters it stays below 143 in all. */
const MAX_NAME_BYTES = 60;

/** Letters, their marks and digits of any script; nothing that can't be seen. */
const UNSAFE = /[^\p{L}\p{M}\p{Nd}_-]|\p{Default_Ignorable_Code_Point}/gu;

/**
 * The name of a code's file without its ending: the code's name as far as it is safe, a dot, and its ID. Of each code it
 * is always the same.
 *
 * @param isTaken whether another code's file has the name, in lower case
 */
export function baseName(
  { qrId, name }: { qrId: string; name: string | null },
  isTaken: (lowerCase: string) => boolean,
): string {
  const readable = name === null ? "" : safe(name);
  const plain = withoutDevice(readable === "" ? qrId : `${readable}.${qrId}`);
  return isTaken(plain.toLowerCase()) ? `${plain}.${tagOf(qrId)}` : plain;
}

function safe(name: string): string {
  const dashed = name.normalize("NFC").replace(UNSAFE, "-").replace(/-+/g, "-");
  return cut(dashed, MAX_NAME_BYTES).replace(/^[-\p{M}]+|-+$/gu, "");
}

/** As many whole characters, with the marks on them, as the bytes hold. */
function cut(text: string, maxBytes: number): string {
  let [kept, bytes] = ["", 0];
  for (const { segment } of new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > maxBytes) break;
    kept += segment;
  }
  return kept;
}

/** A name that begins with a dash would be an option to most commands. */
function withoutDevice(base: string): string {
  const [first = ""] = base.split(".");
  return DEVICE.test(first) || base.startsWith("-") ? `_${base}` : base;
}

/** Tells IDs apart that differ in their case alone. */
function tagOf(qrId: string): string {
  return createHash("sha256").update(qrId).digest("hex").slice(0, 12);
}
