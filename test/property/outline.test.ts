import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { outlines } from "../../core/picture/outline.ts";
import type { Point } from "../../core/picture/path.ts";
import { squaresData } from "../../core/picture/squares.ts";

const SIDE = 9;
const grid = fc.array(fc.array(fc.boolean(), { minLength: SIDE, maxLength: SIDE }), {
  minLength: SIDE,
  maxLength: SIDE,
});

/** Whether the middle of a module lies within an odd number of outlines: sides to the left of it that cross its row. */
function isInside(polygons: Point[][], x: number, y: number): boolean {
  const crossed = polygons.flatMap((corners) =>
    corners.filter(([left, from], n) => {
      const to = corners.at(n - 1)?.[1] ?? from;
      return left <= x && Math.min(from, to) <= y && Math.max(from, to) > y;
    }),
  );
  return crossed.length % 2 === 1;
}

describe("the outlines of any modules", () => {
  it("hold the dark ones, and no other", () => {
    fc.assert(
      fc.property(grid, (rows) => {
        const polygons = outlines((x, y) => rows[y]?.[x] ?? false, SIDE);
        const inside = rows.map((row, y) => row.map((_, x) => isInside(polygons, x, y)));
        expect(inside).toEqual(rows);
      }),
      { numRuns: 500 },
    );
  });

  it("turn at every corner, and keep the dark to their right", () => {
    fc.assert(
      fc.property(grid, (rows) => {
        const isDark = (x: number, y: number) => rows[y]?.[x] ?? false;
        for (const corners of outlines(isDark, SIDE)) {
          corners.forEach(([x, y], n) => {
            const [nextX, nextY] = corners[(n + 1) % corners.length] ?? [x, y];
            const [dx, dy] = [Math.sign(nextX - x), Math.sign(nextY - y)];
            expect(Math.abs(dx) + Math.abs(dy)).toBe(1);
            const [beforeX] = corners.at(n - 1) ?? [x, y];
            expect(beforeX === x).not.toBe(nextX === x);
            // The module to the right of the first step: ahead, and then a quarter turn clockwise.
            expect(isDark(Math.floor(x + dx / 2 - dy / 2), Math.floor(y + dy / 2 + dx / 2))).toBe(true);
          });
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the data of a plain code's path", () => {
  it("is its outlines, each from its upper left corner", () => {
    fc.assert(
      fc.property(grid, fc.integer({ min: 0, max: 4 }), (rows, margin) => {
        const written = outlines((x, y) => rows[y]?.[x] ?? false, SIDE).map((corners) => {
          const [first = [0, 0], ...others] = [corners.at(-1) ?? [0, 0], ...corners.slice(0, -1)];
          let y = first[1];
          const steps = others.map(([nextX, nextY]) => {
            const step = nextY === y ? `H${nextX + margin}` : `V${nextY + margin}`;
            y = nextY;
            return step;
          });
          return `M${(first[0] ?? 0) + margin} ${(first[1] ?? 0) + margin}${steps.join("")}z`;
        });
        expect(squaresData(rows, margin)).toBe(written.join(""));
      }),
      { numRuns: 500 },
    );
  });
});
