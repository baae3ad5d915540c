import * as z from "zod";
import { decodeScanCursor } from "../../core/scan/scan-cursor.ts";
import { rowsQuery } from "./rows.ts";

const EARLIEST = Date.parse("1970-01-01");

/** An instant, or the midnight (UTC) at which a day begins. */
const bound = (description: string) =>
  z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], "must be a date or an instant, in ISO 8601")
    .transform((text, context) => {
      const at = Date.parse(text);
      if (at >= EARLIEST) return new Date(at).toISOString();
      context.addIssue({ code: "custom", message: "must be in 1970 or later" });
      return z.NEVER;
    })
    .meta({ type: "string", description })
    .optional();

/** The query of single scans. */
export const scansQuery = z.strictObject({
  from: bound("the first instant, as 2026-03-01 or 2026-03-01T08:00:00Z; the oldest scan kept without it"),
  to: bound("the instant before which they end; none without it"),
  cursor: z
    .string()
    .transform((value, context) => {
      const position = decodeScanCursor(value);
      if (position) return position;
      context.addIssue({ code: "custom", message: "is not a cursor of scans" });
      return z.NEVER;
    })
    .meta({ description: "as the link to the next page has it", pattern: "^[A-Za-z0-9_-]+$" })
    .optional(),
  ...rowsQuery,
});

export type ScansQuery = z.output<typeof scansQuery>;
