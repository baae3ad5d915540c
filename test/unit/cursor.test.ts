import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../core/code/cursor.ts";

const position = { createdAt: "2030-01-31T12:00:00.000Z", qrId: "qr_abc" };

describe("a cursor", () => {
  it("comes back as the position it was made of", () => {
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it.each([
    "",
    "x",
    "not base64url!",
    `${encodeCursor(position)}=`,
    encodeCursor({ ...position, qrId: "a:b" }),
    encodeCursor({ ...position, createdAt: "2030-13-01T00:00:00.000Z" }),
    encodeCursor({ ...position, createdAt: "2030-01-31" }),
    encodeCursor({ ...position, createdAt: "+010000-01-01T00:00:00.000Z" }),
    Buffer.from("2030-01-31T12:00:00.000Z qr_abc extra").toString("base64url"),
  ])("is refused if it is %j", (cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined();
  });
});
