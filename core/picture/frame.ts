import { textLine, widthOf } from "./caption/caption.ts";
import type { Design } from "./design.ts";
import { type Path, rectangle, roundedBox } from "./path.ts";
import type { Fill, Scene } from "./scene.ts";

/** Width of a frame's line, in modules. */
export const LINE = 1;

/** In modules, of its outer edge; the inner one follows. */
const CORNER_RADIUS = 2.5;

/** Height of a caption's capitals as a share of the code's width, and at most. A long caption is smaller. */
const CAP_HEIGHT = 1 / 11;

/** What is kept free on either side of a caption, in modules. */
const CAPTION_MARGIN = 2;

/** In heights of a capital: what is below the quiet zone. Letters reach 0.34 below their line. */
const FOOT = { plain: { height: 2, baseline: 1.3 }, banner: { height: 2.6, baseline: 1.8 } };

/** What a frame and a caption add around a code. */
export interface Frame {
  /** On each side. */
  readonly line: number;
  /** At the foot, with the caption. */
  readonly foot: number;
}

/** Measures of a design's frame and caption. @param side of the code with its quiet zone */
export function frameOf({ frame, caption }: Design, side: number): Frame {
  const line = frame === "none" ? 0 : LINE;
  return { line, foot: caption === "" ? 0 : capHeightOf(caption, side) * footOf(frame).height };
}

/** A code's scene, which leaves the room for it at its left and above, with its frame and caption. */
export function framed(scene: Scene, design: Design, side: number): Scene {
  const { frame, caption, look } = design;
  const { line, foot } = frameOf(design, side);
  const [width, height] = [side + 2 * line, side + foot + 2 * line];
  const path: Path = [
    ...(line === 0 ? [] : outline(width, height, frame === "banner" && caption !== "" ? foot : 0)),
    ...(caption === "" ? [] : captionPath(caption, width, side, line + side, footOf(frame).baseline)),
  ];
  const fills: Fill[] = path.length === 0 ? [] : [{ color: look.color, path }];
  return { ...scene, width, height, fills: [...scene.fills, ...fills], isSquare: false };
}

const footOf = (frame: Design["frame"]) => FOOT[frame === "banner" ? "banner" : "plain"];

/** A ring, whose hole ends above the band. */
function outline(width: number, height: number, band: number): Path {
  const inner = CORNER_RADIUS - LINE;
  const hole = { width: width - 2 * LINE, height: height - 2 * LINE - band };
  return [
    ...roundedBox([0, 0], width, height, CORNER_RADIUS),
    ...(band === 0
      ? roundedBox([LINE, LINE], hole.width, hole.height, inner)
      : rectangle([LINE, LINE], hole.width, hole.height)),
  ];
}

/** In a band its letters are holes. */
function captionPath(caption: string, width: number, side: number, top: number, baseline: number): Path {
  const capHeight = capHeightOf(caption, side);
  const left = (width - widthOf(caption) * capHeight) / 2;
  return textLine(caption, capHeight, left, top + baseline * capHeight).path;
}

function capHeightOf(caption: string, side: number): number {
  return Math.min(side * CAP_HEIGHT, (side - 2 * CAPTION_MARGIN) / Math.max(1, widthOf(caption)));
}
