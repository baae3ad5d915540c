import { exponent } from "../../statistics.ts";

/** How a cost grows with something. */
export interface Growth {
  /** What grows, and the unit of what it costs. */
  x: string;
  unit: "ms" | "MB";
  curves: Curve[];
}

export interface Curve {
  title: string;
  points: { x: number; y: number }[];
  /** k of the power law y = c·xᵏ that fits best: 0 is constant, 1 linear. */
  exponent: number;
}

/** Collects points into curves, by their titles. */
export class Growing {
  readonly #x: string;
  readonly #unit: Growth["unit"];
  readonly #points = new Map<string, Curve["points"]>();

  constructor(x: string, unit: Growth["unit"]) {
    this.#x = x;
    this.#unit = unit;
  }

  add(title: string, x: number, y: number): void {
    const points = this.#points.get(title) ?? [];
    points.push({ x, y });
    this.#points.set(title, points);
  }

  growth(): Growth {
    const curves = [...this.#points].map(([title, points]) => ({
      title,
      points,
      exponent: exponent(points),
    }));
    return { x: this.#x, unit: this.#unit, curves };
  }
}
