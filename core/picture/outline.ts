import type { Point } from "./path.ts";

/** Steps right, down, left and up: with y downwards, turning right is the next one. */
const DX = [1, 0, -1, 0] as const;
const DY = [0, 1, 0, -1] as const;

type Direction = 0 | 1 | 2 | 3;

/**
 * The outlines of the dark regions of a square of modules: the corners of closed polygons, each with the dark side to
 * its right. One outline for a whole region leaves no seams between its modules, whatever draws it. Modules that touch
 * at a corner alone are regions of their own.
 */
export function outlines(isDark: (x: number, y: number) => boolean, side: number): Point[][] {
  const edges = darkEdges(isDark, side);
  const polygons: Point[][] = [];
  // Every outline has an edge to the right.
  for (let vertex = 0; vertex < edges.length; vertex++)
    while ((edges[vertex] ?? 0) & 1) polygons.push(walk(edges, side + 1, vertex));
  return polygons;
}

/**
 * The edges of modules between dark and light, by the vertex where they begin: a bit for each direction.
 * A row has a vertex more than modules.
 */
function darkEdges(isDark: (x: number, y: number) => boolean, side: number): Uint8Array {
  const stride = side + 1;
  const dark = new Uint8Array(stride * stride);
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) if (isDark(x, y)) dark[y * stride + x] = 1;
  const edges = new Uint8Array(stride * stride);
  const add = (vertex: number, bit: number) => {
    edges[vertex] = (edges[vertex] ?? 0) | bit;
  };
  for (let cell = 0; cell < stride * side; cell++) {
    if (!dark[cell]) continue;
    // Beyond the right and lower border lies a light cell; so do those before the first of each row and column.
    if (!dark[cell - stride]) add(cell, 1);
    if (!dark[cell + 1]) add(cell + 1, 2);
    if (!dark[cell + stride]) add(cell + stride + 1, 4);
    if (!dark[cell - 1]) add(cell + stride, 8);
  }
  return edges;
}

/** Takes the edges of the outline that leaves the vertex to the right, and returns its corners. */
function walk(edges: Uint8Array, stride: number, start: number): Point[] {
  const corners: Point[] = [];
  let heading: Direction = 0;
  let vertex = start;
  let [x, y] = [start % stride, Math.floor(start / stride)];
  for (;;) {
    x += DX[heading];
    y += DY[heading];
    vertex = y * stride + x;
    const next = turn(edges[vertex] ?? 0, heading);
    if (next !== heading) corners.push([x, y]);
    heading = next;
    edges[vertex] = (edges[vertex] ?? 0) & ~(1 << heading);
    if (vertex === start && heading === 0) return corners;
  }
}

/** Where the outline goes on. Where two regions touch, turning right stays with this one. */
function turn(ways: number, heading: Direction): Direction {
  const right = ((heading + 1) & 3) as Direction;
  if (ways & (1 << right)) return right;
  return ways & (1 << heading) ? heading : (((heading + 3) & 3) as Direction);
}
