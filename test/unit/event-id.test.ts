import { validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { newEventId } from "../../core/scan/event-id.ts";

/** Several pools of random bytes, and many within one millisecond. */
const ids = Array.from({ length: 1_000 }, newEventId);

describe("an event's ID", () => {
  it("is a UUIDv7 of the time at which it was made", () => {
    const before = Date.now();
    const id = newEventId();
    expect([validate(id), version(id)]).toEqual([true, 7]);
    const madeAt = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(madeAt).toBeGreaterThanOrEqual(before);
    expect(madeAt).toBeLessThanOrEqual(Date.now());
  });

  it("sorts after those that were made before it", () => {
    expect(ids.toSorted()).toEqual(ids);
  });

  it("shares its random part with no other", () => {
    expect(new Set(ids.map((id) => id.slice(-10))).size).toBe(ids.length);
  });
});
