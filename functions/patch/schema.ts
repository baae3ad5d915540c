import * as z from "zod";
import {
  BODY_ERROR,
  optionFields,
  targetField,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/code-fields.ts";
import type { CodeFields } from "../../data/postgres/change-codes.ts";

/** The body of `PATCH /qr/{qrId}`: a merge patch (RFC 7396) in which `null` clears an option. */
export function patchBody(publicBaseUrl: string) {
  const options = optionFields(publicBaseUrl);
  return z
    .strictObject(
      {
        targetUrl: targetField(publicBaseUrl),
        status: z.enum(["active", "paused"], "must be active or paused"),
        ...options,
        tags: options.tags.nullable().transform((tags) => tags ?? []),
      },
      BODY_ERROR,
    )
    .partial()
    .refine(windowInOrder, WINDOW_ERROR)
    .refine((fields) => Object.keys(fields).length > 0, "must name at least one field to change");
}

export type PatchBody = Partial<CodeFields>;
