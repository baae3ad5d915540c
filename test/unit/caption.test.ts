import { describe, expect, it } from "vitest";
import { textLine, widthOf } from "../../core/picture/caption/caption.ts";
import { CAPTION_TEXT } from "../../core/picture/caption/characters.ts";
import { glyphs } from "../../core/picture/caption/glyphs.ts";

describe("a caption", () => {
  it("has an outline for just the characters that it may be written in", () => {
    const taken = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter((character) =>
      CAPTION_TEXT.test(character),
    );
    expect([...glyphs().keys()].sort()).toEqual(taken.sort());
  });

  it("is as wide as its letters, and stands on its line", () => {
    const { path, width } = textLine("HH", 10, 5, 20);
    expect(width).toBeCloseTo(10 * widthOf("HH"), 6);
    const points = path.flatMap((segment) => (segment[0] === "Z" ? [] : segment.slice(1))) as [
      number,
      number,
    ][];
    expect(Math.max(...points.map(([, y]) => y))).toBeCloseTo(20, 6);
    expect(Math.min(...points.map(([, y]) => y))).toBeCloseTo(10, 1);
    expect(Math.min(...points.map(([x]) => x))).toBeGreaterThan(5);
  });
});
