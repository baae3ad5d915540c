import type { Matrix } from "./matrix.ts";

/** Steps right, down, left and up: with y downwards, turning right is the next one. */
const RIGHT = 1;
const DOWN = 2;
const LEFT = 4;
const UP = 8;

/**
 * The outlines of a code's dark regions as the data of an SVG path: what `outlines` finds, written as it is walked,
 * since most pictures are plain ones.
 *
 * @param margin from the picture's corner to the code's
 */
export function squaresData(matrix: Matrix, margin: number): string {
  const stride = matrix.length + 1;
  const edges = edgesOf(matrix, stride);
  const names = Array.from({ length: stride }, (_, n) => String(n + margin));
  let data = "";
  for (let vertex = 0; vertex < edges.length; vertex++) {
    while ((edges[vertex] as number) & RIGHT) {
      data += `M${names[vertex % stride]} ${names[Math.floor(vertex / stride)]}${walk(edges, stride, vertex, names)}z`;
    }
  }
  return data;
}

/** A bit for each direction in which an edge between dark and light leaves a vertex, with the dark side to its right. */
function edgesOf(matrix: Matrix, stride: number): Uint8Array {
  const side = stride - 1;
  const edges = new Uint8Array(stride * stride);
  let above: readonly boolean[] = [];
  for (let y = 0; y <= side; y++) {
    const row = matrix[y] ?? [];
    let left = false;
    let vertex = y * stride;
    for (let x = 0; x <= side; x++, vertex++) {
      const dark = row[x] === true;
      if (dark !== (above[x] === true)) {
        if (dark) edges[vertex] = (edges[vertex] as number) | RIGHT;
        else edges[vertex + 1] = (edges[vertex + 1] as number) | LEFT;
      }
      if (dark !== left) {
        if (dark) edges[vertex + stride] = (edges[vertex + stride] as number) | UP;
        else edges[vertex] = (edges[vertex] as number) | DOWN;
      }
      left = dark;
    }
    above = row;
  }
  return edges;
}

/** Takes the edges of the outline that leaves a vertex to the right. Where two regions touch, turning right stays with this one. */
function walk(edges: Uint8Array, stride: number, start: number, names: readonly string[]): string {
  let data = "";
  let vertex = start;
  let way = RIGHT;
  for (;;) {
    const step = way === RIGHT ? 1 : way === DOWN ? stride : way === LEFT ? -1 : -stride;
    vertex += step;
    while (edges[vertex] === way) {
      edges[vertex] = 0;
      vertex += step;
    }
    const ways = edges[vertex] as number;
    const right = way === UP ? RIGHT : way << 1;
    const next = ways & right ? right : ways & way ? way : way === RIGHT ? UP : way >> 1;
    edges[vertex] = ways & ~next;
    // It begins at a corner, to which its end leads back.
    if (vertex === start && next === RIGHT) return data;
    if (next !== way) {
      const isLevel = way === RIGHT || way === LEFT;
      data += isLevel ? `H${names[vertex % stride]}` : `V${names[Math.floor(vertex / stride)]}`;
    }
    way = next;
  }
}
