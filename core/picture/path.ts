/** A point in modules, from the picture's upper left corner. */
export type Point = readonly [x: number, y: number];

/** One step of a path: where a new outline begins, a line, a cubic curve by its control points and its end, the way back. */
export type Segment = readonly ["M" | "L", Point] | readonly ["C", Point, Point, Point] | readonly ["Z"];

/** Closed outlines, filled by the even-odd rule: what lies within two of them is a hole. */
export type Path = readonly Segment[];

/** How far a control point lies from the end of a quarter of a circle, in radii; the curve is off by 0.03 % at most. */
const KAPPA = (4 / 3) * (Math.SQRT2 - 1);

export function circle(centre: Point, radius: number): Path {
  return roundedRectangle([centre[0] - radius, centre[1] - radius], 2 * radius, radius);
}

/** @param radius of its corners, up to half a side */
export function roundedRectangle(corner: Point, side: number, radius: number): Path {
  return roundedBox(corner, side, side, radius);
}

export function rectangle(corner: Point, width: number, height: number): Path {
  return roundedBox(corner, width, height, 0);
}

/** @param radius of its corners, up to half of its shorter side */
export function roundedBox([x, y]: Point, width: number, height: number, radius: number): Path {
  return roundCorners(
    [
      [x, y],
      [x + width, y],
      [x + width, y + height],
      [x, y + height],
    ],
    radius,
  );
}

/**
 * The outline of a polygon of upright and level sides whose inside lies to the right, with its outer corners rounded.
 *
 * @param radius at most half of the shortest side
 * @param isSharp whether an outer corner stays as it is, by the point half a module inside of it
 */
export function roundCorners(
  corners: readonly Point[],
  radius: number,
  isSharp: (inside: Point) => boolean = () => false,
): Path {
  if (radius === 0) return polygon(corners);
  const steps = corners.flatMap((corner, n): Segment[] => {
    const into = direction(corners.at(n - 1) ?? corner, corner);
    const outOf = direction(corner, corners[(n + 1) % corners.length] ?? corner);
    const isOuter = into[0] * outOf[1] - into[1] * outOf[0] > 0;
    const inside: Point = [corner[0] + (outOf[0] - into[0]) / 2, corner[1] + (outOf[1] - into[1]) / 2];
    if (!isOuter || isSharp(inside)) return [["L", corner]];
    const along = ([dx, dy]: Point, distance: number): Point => [
      corner[0] + dx * distance,
      corner[1] + dy * distance,
    ];
    const toControl = radius * (1 - KAPPA);
    return [
      ["L", along(into, -radius)],
      ["C", along(into, -toControl), along(outOf, toControl), along(outOf, radius)],
    ];
  });
  const [first, ...others] = steps;
  return first && first[0] !== "Z" ? [["M", first[1]], ...others, ["Z"]] : [];
}

function polygon([first, ...others]: readonly Point[]): Path {
  if (!first) return [];
  return [["M", first], ...others.map((corner) => ["L", corner] as const), ["Z"]];
}

function direction(from: Point, to: Point): Point {
  return [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
}
