import { decimal } from "../picture/print/number.ts";
import { labelCorner, labelSize, type SheetLayout } from "./layouts.ts";

/** In mm. A mark stands off its label, and crosses no other one. */
const LENGTH = 3;
const OFFSET = 0.5;

/** Where there is less than this between a label and the next or the edge, a mark stands within the label's corner. */
const MIN_ROOM = 1.5;

/** Of a mark in a corner: no more than a label keeps free. */
const LENGTH_INSIDE = 1.5;

/** A hairline, in mm: a quarter of a point. */
const WIDTH = 0.09;

/** Marks at the corners of all labels of a page, in black ink, where a millimetre is the unit and y points downwards. */
export function cropMarks(layout: SheetLayout): string {
  const { width, height } = labelSize(layout);
  const { rows, columns, gaps, margins } = layout;
  const lines: string[] = [];
  for (let index = 0; index < rows * columns; index++) {
    const { x, y } = labelCorner(layout, index);
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const room = {
      left: column === 0 ? margins.left : gaps.horizontal / 2,
      right: column === columns - 1 ? margins.right : gaps.horizontal / 2,
      top: row === 0 ? margins.top : gaps.vertical / 2,
      bottom: row === rows - 1 ? margins.bottom : gaps.vertical / 2,
    };
    for (const [at, step, free] of [
      [x, -1, room.left],
      [x + width, 1, room.right],
    ] as const)
      for (const edge of [y, y + height]) lines.push(horizontal(at, edge, step, free));
    for (const [at, step, free] of [
      [y, -1, room.top],
      [y + height, 1, room.bottom],
    ] as const)
      for (const edge of [x, x + width]) lines.push(vertical(edge, at, step, free));
  }
  return `0 0 0 1 K ${decimal(WIDTH)} w\n${[...new Set(lines)].join("\n")}`;
}

/** From where to where a mark goes, along its axis. @param outwards -1 or 1 */
function extent(edge: number, outwards: number, room: number): [number, number] {
  if (room < MIN_ROOM) return [edge, edge - outwards * LENGTH_INSIDE];
  return [edge + outwards * OFFSET, edge + outwards * Math.min(room, OFFSET + LENGTH)];
}

function horizontal(x: number, y: number, outwards: number, room: number): string {
  const [from, to] = extent(x, outwards, room);
  return `${decimal(from)} ${decimal(y)} m ${decimal(to)} ${decimal(y)} l S`;
}

function vertical(x: number, y: number, outwards: number, room: number): string {
  const [from, to] = extent(y, outwards, room);
  return `${decimal(x)} ${decimal(from)} m ${decimal(x)} ${decimal(to)} l S`;
}
