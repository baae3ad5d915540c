import { expect, it } from "vitest";
import type { Rgb } from "../../core/picture/color.ts";
import { type Style, styleProblems } from "../../core/picture/style.ts";

const BLACK: Rgb = [0, 0, 0];
const plain: Style = {
  modules: "dots",
  finders: "rounded",
  color: BLACK,
  ring: BLACK,
  eye: BLACK,
  ground: [255, 255, 255],
};

it.each<[string, Partial<Style>, string[]]>([
  ["black on white", {}, []],
  ["black on nothing", { ground: "transparent" }, []],
  ["grey just dark enough", { eye: [127, 127, 127] }, []],
  [
    "each colour too light",
    { color: [200, 200, 200], ring: [128, 128, 128], eye: [0, 255, 0] },
    ["color", "ring", "eye"],
  ],
  [
    "a light ring on nothing, which is taken for paper",
    { ground: "transparent", ring: [255, 255, 0] },
    ["ring"],
  ],
  ["an inverted code", { ground: [0, 0, 0], color: [255, 255, 255] }, ["color", "ring", "eye"]],
])("the colours of a style: %s", (_name, style, paths) => {
  expect(styleProblems({ ...plain, ...style }).map(({ path }) => path)).toEqual(paths);
});
