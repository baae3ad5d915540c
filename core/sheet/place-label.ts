import { type CaptionLines, captionLines, LINE_HEIGHT } from "./caption-lines.ts";
import type { LabelPaper } from "./label.ts";
import type { Size } from "./layouts.ts";

/** Where a label's parts lie, in mm from its upper left corner. */
export interface PlacedLabel {
  readonly code: { readonly x: number; readonly y: number; readonly width: number };
  readonly lines: readonly {
    readonly text: string;
    readonly center?: number;
    readonly left?: number;
    readonly baseline: number;
  }[];
  readonly capHeight: number;
}

/** Kept free on each side, in mm: printers and punches are off by a millimetre. Less on small labels. */
const PADDING = 2;
const MAX_PADDING_SHARE = 0.08;

/** A label that is as wide for its height has its caption beside the code, any other below. */
const WIDE = 1.5;

/** Share of a wide label's width that the code may take. */
const CODE_SHARE = 0.6;

/** Height of a capital as a share of the label's height, within bounds in mm: 6 to 10 points. */
const CAP_SHARE = 0.065;
const CAP = { min: 1.5, max: 2.6 };

/** Below a code, by what it is: an ID has no blanks. */
const LINES_BELOW = { name: 2, id: 1, none: 0 } as const;

/** Between a frame and the caption, in mm. */
const FRAME_GAP = 1.5;

const MAX_LINES_BESIDE = 6;

/** A picture in modules. What has a frame has no quiet zone around it. */
export interface LabelPicture extends Size {
  readonly isFramed: boolean;
}

export function placeLabel(
  picture: LabelPicture,
  caption: string,
  { size, captions }: LabelPaper,
): PlacedLabel {
  const padding = Math.min(PADDING, MAX_PADDING_SHARE * Math.min(size.width, size.height));
  const inner = { width: size.width - 2 * padding, height: size.height - 2 * padding };
  const capHeight = Math.min(CAP.max, Math.max(CAP.min, CAP_SHARE * size.height));
  if (captions === "none") return { code: centred(picture, inner, padding), lines: [], capHeight };
  const isWide = size.width >= WIDE * size.height;
  return (isWide ? beside : below)(picture, caption, { inner, padding, capHeight, captions });
}

interface Room {
  inner: Size;
  padding: number;
  capHeight: number;
  captions: LabelPaper["captions"];
}

function beside(picture: LabelPicture, caption: string, { inner, padding, capHeight }: Room): PlacedLabel {
  const code = centred(
    picture,
    { ...inner, width: Math.min(inner.height, CODE_SHARE * inner.width) },
    padding,
  );
  const left = code.x + code.width + gapOf(picture);
  const maxLines = Math.min(MAX_LINES_BESIDE, Math.floor(inner.height / (capHeight * LINE_HEIGHT)));
  const set = captionLines(caption, capHeight, { width: padding + inner.width - left, maxLines });
  const top = padding + (inner.height - heightOf(set)) / 2;
  return {
    code,
    lines: set.lines.map((text, n) => ({ text, left, baseline: baselineOf(set, top, n) })),
    capHeight: set.capHeight,
  };
}

function below(
  picture: LabelPicture,
  caption: string,
  { inner, padding, capHeight, captions }: Room,
): PlacedLabel {
  const maxLines = LINES_BELOW[captions];
  // All labels of a sheet leave the same room, so that their codes are of one size.
  const room = maxLines * LINE_HEIGHT * capHeight + gapOf(picture);
  const code = centred(picture, { ...inner, height: inner.height - room }, padding);
  const set = captionLines(caption, capHeight, { width: inner.width, maxLines });
  const top = padding + inner.height - room + gapOf(picture);
  const center = padding + inner.width / 2;
  return {
    code,
    lines: set.lines.map((text, n) => ({ text, center, baseline: baselineOf(set, top, n) })),
    capHeight: set.capHeight,
  };
}

/** A quiet zone keeps code and caption apart. */
function gapOf({ isFramed }: LabelPicture): number {
  return isFramed ? FRAME_GAP : 0;
}

function heightOf({ lines, capHeight }: CaptionLines): number {
  return ((lines.length - 1) * LINE_HEIGHT + 1) * capHeight;
}

function baselineOf({ capHeight }: CaptionLines, top: number, line: number): number {
  return top + (line * LINE_HEIGHT + 1) * capHeight;
}

/** As large as a room allows, in its middle. */
function centred(picture: Size, room: Size, padding: number): PlacedLabel["code"] {
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: padding + (room.width - width) / 2, y: padding + (room.height - height) / 2, width };
}
