/** The middle of the values, and how far they spread. */
export interface Sample {
  median: number;
  min: number;
  max: number;
}

/** @throws Error without values */
export function sample(values: number[]): Sample {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error("there are no values");
  const half = sorted.length / 2;
  const below = sorted[Math.ceil(half) - 1] as number;
  const above = sorted[Math.floor(half)] as number;
  return { median: (below + above) / 2, min, max };
}

/**
 * The exponent k of the power law y = c·xᵏ that fits best, by least squares over the logarithms: 0 is constant, 1
 * linear.
 */
export function exponent(points: { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (pick: (point: { x: number; y: number }) => number) =>
    logs.reduce((sum, point) => sum + pick(point), 0) / logs.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const covariance = mean((point) => (point.x - x) * (point.y - y));
  return covariance / mean((point) => (point.x - x) ** 2);
}
