import { expect, it } from "vitest";
import { namesTag } from "../../functions/http/if-none-match.ts";

it.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b","a",', true],
  ["*", true],
  [" * ", true],
  ['"b", *', false],
  ['"aa"', false],
  ["a", false],
  ['"A"', false],
  ['"b, a"', false],
  ["", false],
  [undefined, false],
])("If-None-Match: %s names the tag: %s", (header, named) => {
  expect(namesTag(header, '"a"')).toBe(named);
  expect(namesTag(header, 'W/"a"')).toBe(named);
});
