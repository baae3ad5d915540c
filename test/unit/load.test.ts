import { expect, it } from "vitest";
import { type Load, nextLoad } from "../../bin/local/load.ts";

it.each<[before: Load, utilization: number, after: Load]>([
  ["calm", 0.29, "calm"],
  ["calm", 0.3, "active"],
  ["calm", 0.85, "busy"],
  ["active", 0.2, "active"],
  ["active", 0.19, "calm"],
  ["active", 0.84, "active"],
  ["active", 0.85, "busy"],
  ["busy", 0.7, "busy"],
  ["busy", 0.69, "active"],
  ["busy", 0.2, "active"],
  ["busy", 0.19, "calm"],
])("a process that was %s and works %d of the time is %s", (before, utilization, after) => {
  expect(nextLoad(before, utilization)).toBe(after);
});
