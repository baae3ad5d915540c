import type { Matrix } from "./matrix.ts";

/** Steps right, down, left and up: with y downwards, turning right is the next one. */
const RIGHT = 1;
const DOWN = 2;
const LEFT = 4;
const UP = 8;

/** ASCII codes of what a path's data is made of. */
const [MOVE, TO_COLUMN, TO_ROW, CLOSE, SPACE] = [0x4d, 0x48, 0x56, 0x7a, 0x20];

/** The digits of a number below a thousand, in ASCII, the first of them highest. */
const DIGITS = Int32Array.from({ length: 1_000 }, (_, number) =>
  [...String(number)].reduce((digits, digit) => (digits << 8) | digit.charCodeAt(0), 0),
);

/** Of a command and a number below a thousand. */
const MAX_STEP_BYTES = 4;

/** Of what begins and ends an outline: `M123 123` and `z`. */
const MAX_OUTLINE_BYTES = 9;

/**
 * The outlines of a code's dark regions as the data of an SVG path: what `outlines` finds, written as it is walked,
 * since most pictures are plain ones. Bytes, because a string that grows by each step takes twice as long.
 *
 * @param margin from the picture's corner to the code's; -1 of a code with a border that the picture lacks
 */
export function squaresData(matrix: Matrix, margin: number): string {
  const stride = matrix.length + 1;
  const edges = edgesOf(matrix, stride);
  const path = new PathBytes(stride, margin);
  for (let y = 0, vertex = 0; y < stride; y++)
    for (let x = 0; x < stride; x++, vertex++)
      while ((edges[vertex] as number) & RIGHT) {
        path.begin(x, y);
        walk(edges, stride, { x, y, vertex }, path);
        path.close();
      }
  return path.toString();
}

interface Vertex {
  readonly x: number;
  readonly y: number;
  /** Its number in `edges`. */
  readonly vertex: number;
}

/** A path's data as it is written. */
class PathBytes {
  readonly #bytes: Buffer;
  readonly #margin: number;
  #length = 0;

  constructor(stride: number, margin: number) {
    // A vertex has two edges at most that begin to the right or downwards; four of them make the smallest outline.
    const edges = 2 * stride * stride;
    this.#bytes = Buffer.allocUnsafe(edges * MAX_STEP_BYTES + (edges / 4) * MAX_OUTLINE_BYTES);
    this.#margin = margin;
  }

  begin(x: number, y: number): void {
    this.step(MOVE, x);
    this.step(SPACE, y);
  }

  step(command: number, to: number): void {
    const bytes = this.#bytes;
    const digits = DIGITS[to + this.#margin] as number;
    let at = this.#length;
    bytes[at++] = command;
    if (digits > 0xffff) bytes[at++] = digits >> 16;
    if (digits > 0xff) bytes[at++] = digits >> 8;
    bytes[at++] = digits;
    this.#length = at;
  }

  close(): void {
    this.#bytes[this.#length++] = CLOSE;
  }

  toString(): string {
    return this.#bytes.toString("latin1", 0, this.#length);
  }
}

/**
 * The edges that leave a vertex, with the dark side to the right of each, by the four modules around it: 1 for a dark one at
 * the upper left, 2 at the upper right, 4 at the lower left, 8 at the lower right. A table has no branch to mispredict.
 */
const EDGES = Uint8Array.from({ length: 16 }, (_, around) => {
  const [upperLeft, upperRight, lowerLeft, lowerRight] = [1, 2, 4, 8].map((bit) => (around & bit) !== 0);
  return (
    (lowerRight && !upperRight ? RIGHT : 0) |
    (lowerLeft && !lowerRight ? DOWN : 0) |
    (upperLeft && !lowerLeft ? LEFT : 0) |
    (upperRight && !upperLeft ? UP : 0)
  );
});

/** A boolean in arithmetic is 0 or 1; a conversion that says so takes as long again as all else here. */
type Bits = readonly number[];

/** The edges that leave each vertex, row by row. */
function edgesOf(matrix: Matrix, stride: number): Uint8Array {
  const edges = new Uint8Array(stride * stride);
  const rows = matrix as unknown as readonly Bits[];
  const light: Bits = new Array(stride - 1).fill(0);
  let vertex = 0;
  for (let y = 0; y < stride; y++) {
    const above = rows[y - 1] ?? light;
    const below = rows[y] ?? light;
    let around = 0;
    for (let x = 0; x < stride - 1; x++) {
      around = ((around >> 1) & 5) | ((above[x] as number) << 1) | ((below[x] as number) << 3);
      edges[vertex++] = EDGES[around] as number;
    }
    edges[vertex++] = EDGES[(around >> 1) & 5] as number;
  }
  return edges;
}

/**
 * Where an outline goes on, by the way that it came and the edges that leave the vertex. Where two regions touch, turning
 * right stays with this one.
 */
const TURNS = Uint8Array.from({ length: 16 * 16 }, (_, n) => {
  const [way, ways] = [n >> 4, n & 15];
  const right = way === UP ? RIGHT : way << 1;
  if (ways & right) return right;
  return ways & way ? way : way === RIGHT ? UP : way >> 1;
});

/** Takes the edges of the outline that leaves a vertex to the right: level and upright sides by turns. */
function walk(edges: Uint8Array, stride: number, start: Vertex, path: PathBytes): void {
  let { x, y, vertex } = start;
  let way = RIGHT;
  for (;;) {
    const across = way === RIGHT ? 1 : -1;
    let next = way;
    do {
      x += across;
      vertex += across;
      next = takeTurn(edges, vertex, way);
    } while (next === way);
    path.step(TO_COLUMN, x);
    way = next;
    const down = way === DOWN ? 1 : -1;
    do {
      y += down;
      vertex += down * stride;
      next = takeTurn(edges, vertex, way);
    } while (next === way);
    // It begins at a corner, to which its end leads back.
    if (vertex === start.vertex && next === RIGHT) return;
    path.step(TO_ROW, y);
    way = next;
  }
}

/** The way on from a vertex, whose edge is taken. */
function takeTurn(edges: Uint8Array, vertex: number, way: number): number {
  const ways = edges[vertex] as number;
  const next = TURNS[(way << 4) | ways] as number;
  edges[vertex] = ways & ~next;
  return next;
}
