import { describe, expect, it } from "vitest";
import { SCAN_FIELDS } from "../../core/code/qr-code.ts";
import { type CodeJson, codeOf, fieldsOf } from "../../data/postgres/code-row.ts";

const ROW = {
  qr_id: "qr_1",
  starts_at: "2026-11-29T07:36:17.1+05:30",
  expires_at: null,
  created_at: "2026-11-29T02:06:17+00:00",
  updated_at: "2026-11-29T02:06:17.123456+00:00",
} as unknown as CodeJson;

describe("a row in JSON", () => {
  it("gives a code's instants in UTC with milliseconds, whatever the session's zone", () => {
    expect(codeOf(ROW)).toMatchObject({
      startsAt: "2026-11-29T02:06:17.100Z",
      expiresAt: null,
      createdAt: "2026-11-29T02:06:17.000Z",
      updatedAt: "2026-11-29T02:06:17.123Z",
    });
  });

  it("gives a link's instants as dates", () => {
    expect(fieldsOf(ROW, SCAN_FIELDS)).toMatchObject({
      startsAt: new Date("2026-11-29T02:06:17.100Z"),
      expiresAt: null,
    });
  });
});
