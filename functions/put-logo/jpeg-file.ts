import { checkPixels } from "./pixel-bounds.ts";
import { refusal } from "./refusal.ts";

export function isJpeg(file: Buffer): boolean {
  return file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff;
}

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

/** Baseline, extended and progressive, of 8 bits. Lossless, hierarchical and arithmetic ones hardly any software draws. */
const KNOWN_FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/** A progressive picture has about ten scans; each costs a pass over all its pixels. */
const MAX_SCANS = 64;

/**
 * Checks that a file is one whole JPEG and nothing else, before a decoder sees it: its segments up to its end, and its
 * size in pixels.
 *
 * @returns its size in pixels
 * @throws Invalid
 */
export function checkJpeg(file: Buffer): { width: number; height: number } {
  let size: { width: number; height: number } | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    const { marker, end } = segmentAt(file, at);
    if (marker === END_OF_IMAGE) {
      at = end;
      break;
    }
    if (isFrame(marker)) {
      if (size) throw refusal("is a JPEG of several pictures");
      size = sizeIn(file, at, marker);
    }
    at = end;
    if (marker === START_OF_SCAN) {
      scans += 1;
      if (!size || scans > MAX_SCANS) throw refusal("is a JPEG whose parts are out of order");
      at = afterScan(file, at);
    }
  }
  if (!size || scans === 0) throw refusal("is a JPEG without a picture");
  // Some software pads a file with zeros.
  if (file.subarray(at).some((byte) => byte !== 0))
    throw refusal(`has ${file.length - at} bytes behind the end of its JPEG`);
  return size;
}

/** @returns the marker, and where the next one is */
function segmentAt(file: Buffer, start: number): { marker: number; end: number } {
  let at = start;
  if (file[at] !== 0xff) throw at < file.length ? refusal("is a damaged JPEG") : truncated();
  while (file[at] === 0xff) at += 1;
  const marker = file[at];
  if (marker === undefined) throw truncated();
  const isBare = marker === END_OF_IMAGE || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01;
  if (isBare) return { marker, end: at + 1 };
  if (at + 3 > file.length) throw truncated();
  const end = at + 1 + file.readUInt16BE(at + 1);
  if (end > file.length) throw truncated();
  return { marker, end };
}

function truncated() {
  return refusal("is a JPEG that ends before its end");
}

/** Start of frame, but for the tables of Huffman and arithmetic codes and an extension, whose markers lie between them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function sizeIn(file: Buffer, start: number, marker: number): { width: number; height: number } {
  if (!KNOWN_FRAMES.includes(marker))
    throw refusal("is a JPEG of a kind that is not drawn (lossless or arithmetic)");
  const at = file.indexOf(marker, start) + 1;
  if (file[at + 7] === 4) throw refusal("is a JPEG in CMYK: save it in RGB");
  if (file[at + 2] !== 8) throw refusal("is a JPEG of more than 8 bits a sample");
  const [height, width] = [file.readUInt16BE(at + 3), file.readUInt16BE(at + 5)];
  checkPixels(width, height);
  return { width, height };
}

/** Where the coded data ends: a zero behind 0xff stands for 0xff itself, and restart markers are part of it. */
function afterScan(file: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = file.indexOf(0xff, at);
    if (at < 0) throw truncated();
    const next = file[at + 1];
    if (next === undefined) throw truncated();
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += next === 0xff ? 1 : 2;
  }
}
