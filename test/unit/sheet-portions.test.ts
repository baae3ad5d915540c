import { expect, it } from "vitest";
import { codesPerFile, portions } from "../../bin/qr/sheets/portions.ts";

it.each([
  [24, 1, 480],
  [30, 1, 480],
  [24, 24, 208],
  [24, 7, 480],
  [24, 1_000, 3],
  [24, 5_000, 1],
  [997, 1, 500],
])("pages of %i labels with %i of each code have %i codes a file", (perPage, copies, codes) => {
  expect(codesPerFile(perPage, copies)).toBe(codes);
});

it("takes codes from pages in portions, and loses none", async () => {
  async function* pages() {
    for (const length of [3, 0, 5, 1]) yield Array.from({ length }, (_, n) => ({ qrId: `${length}-${n}` }));
  }
  const taken: string[][] = [];
  for await (const portion of portions(pages(), 4)) taken.push(portion);
  expect(taken.map(({ length }) => length)).toEqual([4, 4, 1]);
  expect(new Set(taken.flat()).size).toBe(9);
});
