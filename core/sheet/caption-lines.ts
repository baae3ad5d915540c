import { widthOf } from "../picture/caption/caption.ts";

/** Lines of a caption in one size. */
export interface CaptionLines {
  readonly lines: readonly string[];
  /** Height of a capital letter, in mm. */
  readonly capHeight: number;
}

/** From one line to the next, in heights of a capital: letters reach 0.34 below their line, accents 0.3 above it. */
export const LINE_HEIGHT = 1.75;

/** A long caption is set smaller before it is cut, down to this share. */
const SHRINKING = [1, 0.88, 0.76, 0.66] as const;

const ELLIPSIS = "\u2026";

/**
 * Sets a text in lines, broken at blanks where they allow it: as large as asked for if it fits, else smaller, and cut with an
 * ellipsis if it does not fit even so.
 *
 * @param box what it must fit into, in mm
 */
export function captionLines(
  text: string,
  capHeight: number,
  box: { width: number; maxLines: number },
): CaptionLines {
  for (const factor of SHRINKING) {
    const lines = broken(text, box.width / (capHeight * factor));
    if (lines.length <= box.maxLines) return { lines, capHeight: capHeight * factor };
  }
  const smallest = capHeight * (SHRINKING.at(-1) ?? 1);
  const width = box.width / smallest;
  const lines = broken(text, width).slice(0, box.maxLines);
  const last = [...(lines.pop() ?? "")];
  while (last.length > 0 && widthOf(`${last.join("")}${ELLIPSIS}`) > width) last.pop();
  return { lines: [...lines, `${last.join("").trimEnd()}${ELLIPSIS}`], capHeight: smallest };
}

/** @param width in heights of a capital */
function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      const head = fitting(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** As much of a word as fits, one character at least. */
function fitting(word: string, width: number): string {
  let head = "";
  for (const character of word) {
    if (head !== "" && widthOf(head + character) > width) break;
    head += character;
  }
  return head;
}
