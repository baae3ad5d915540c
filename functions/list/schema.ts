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
    deleted: z
      .literal("true", "must be true")
      .meta({
        description: "lists what can be restored, last deleted first; with `limit` and `cursor` alone",
      })
      .optional(),
  },
  "must be an object",
);

/** Parameters that choose among the codes that are there. @throws Invalid beside `deleted` */
export function refuseBesideDeleted({ deleted, q, tag, status }: ListQuery): void {
  if (deleted === undefined) return;
  const given = Object.entries({ q, tag, status }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  throw new Invalid(given.map(([path]) => ({ path, message: "can't be combined with deleted" })));
}

export type ListQuery = z.output<typeof listQuery>;
