import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { decodeScanCursor, encodeScanCursor } from "../../core/scan/scan-cursor.ts";

const position = { occurredAt: "2026-03-15T12:00:00.000Z", eventId: uuidv7() };

it("comes back as the position that it was made of", () => {
  expect(decodeScanCursor(encodeScanCursor(position))).toEqual(position);
});

it.each([
  { ...position, occurredAt: "2026-02-30T12:00:00.000Z" },
  { ...position, occurredAt: "2026-03-15T12:00:00Z" },
  { ...position, occurredAt: "0000-01-01T00:00:00.000Z" },
  { ...position, eventId: "no-uuid" },
  { ...position, eventId: `${position.eventId} x` },
  { ...position, eventId: position.eventId.toUpperCase() },
])("%j is no position", (other) => {
  expect(decodeScanCursor(encodeScanCursor(other))).toBeUndefined();
});

it.each(["", "abc", "%%%", `${encodeScanCursor(position)}=`, ` ${encodeScanCursor(position)}`])(
  "%j is no cursor",
  (cursor) => expect(decodeScanCursor(cursor)).toBeUndefined(),
);
