import * as z from "zod";
import {
  BODY_ERROR,
  fieldSchema,
  patchFields,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/request-fields.ts";
import { codeFilter } from "../http/code-filter.ts";
import { dryRun } from "../http/dry-run.ts";
import { component, count } from "../http/operation.ts";

/** Most codes of one call. */
export const MAX_CODES = 10_000;

/** What may be done with the codes, one of them in a call. */
const ACTIONS = ["set", "addTags", "removeTags", "delete", "restore"] as const;

/** The query of `POST /bulk`. */
export const bulkQuery = z.strictObject({ dryRun });

const { q, tag, status } = codeFilter;

/** The body of `POST /bulk`. */
export function bulkBody(publicBaseUrl: string) {
  const filter = component(
    "CodeFilter",
    z.strictObject({ q, tag, status }).meta({ description: "as the list has it; an empty one is all codes" }),
  );
  const select = z
    .strictObject({
      ids: z.array(fieldSchema("qrId", publicBaseUrl)).min(1).max(MAX_CODES).optional(),
      filter: filter.optional(),
    })
    .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), "must have ids or a filter");
  const set = z
    .strictObject(patchFields(publicBaseUrl))
    .partial()
    .refine(windowInOrder, WINDOW_ERROR)
    .refine((fields) => Object.keys(fields).length > 0, "must name at least one field to change");
  const tags = fieldSchema("tags", publicBaseUrl);
  return z
    .strictObject(
      {
        select: component("CodeSelection", select),
        set: component("BulkSet", set).optional(),
        addTags: tags.optional(),
        removeTags: tags.optional(),
        delete: z.literal(true).optional(),
        restore: z.literal(true).optional(),
      },
      BODY_ERROR,
    )
    .refine(
      (body) => ACTIONS.filter((action) => body[action] !== undefined).length === 1,
      `must have one of ${ACTIONS.join(", ")}`,
    )
    .refine((body) => body.restore === undefined || body.select.ids !== undefined, {
      path: ["select"],
      error: "must have ids: a filter finds no deleted codes",
    });
}

export type BulkBody = z.output<ReturnType<typeof bulkBody>>;

const qrIds = z.array(z.string());

export const bulkReport = component(
  "BulkReport",
  z.object({
    dryRun: z.boolean(),
    selected: count,
    changed: qrIds,
    unchanged: qrIds.meta({ description: "those that had all of it already" }),
    notFound: qrIds.meta({ description: "IDs of which the tenant has no code" }),
  }),
);

export type BulkReport = z.output<typeof bulkReport>;
