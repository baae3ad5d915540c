import * as z from "zod";
import { Invalid } from "../../core/errors.ts";
import { codeFilter } from "../http/code-filter.ts";

/** The query of `GET /qr`. */
export const listQuery = z.strictObject(
  {
    limit: z
      .string()
      .regex(/^([1-9]\d?|100)$/, "must be a whole number from 1 to 100")
      .transform(Number)
      .meta({ type: "integer", minimum: 1, maximum: 100, description: "codes on a page; 100 without it" })
      .optional(),
    ...codeFilter,
    today: z
      .literal("true", "must be true")
      .meta({ description: "each code has its scans of the current UTC day, which the page names as `date`" })
      .optional(),
    deleted: z
      .literal("true", "must be true")
      .meta({
        description: "lists what can be restored, last deleted first; with `limit` and `cursor` alone",
      })
      .optional(),
  },
  "must be an object",
);

/** What only codes that are there have. @throws Invalid beside `deleted` */
export function refuseBesideDeleted({ deleted, q, tag, status, today }: ListQuery): void {
  if (deleted === undefined) return;
  const given = Object.entries({ q, tag, status, today }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  throw new Invalid(given.map(([path]) => ({ path, message: "can't be combined with deleted" })));
}

/** Whether it asks for the newest codes, whatever it wants to know of them: the page that is cached. */
export function isFirstPage({ today: _, ...chosen }: ListQuery): boolean {
  return Object.keys(chosen).length === 0;
}

export type ListQuery = z.output<typeof listQuery>;
