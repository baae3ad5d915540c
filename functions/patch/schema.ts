import * as z from "zod";
import { BODY_ERROR, patchFields, WINDOW_ERROR, windowInOrder } from "../../core/code/request-fields.ts";

/** The body of `PATCH /qr/{qrId}`: a merge patch (RFC 7396) in which `null` resets an option. */
export function patchBody(publicBaseUrl: string) {
  return z
    .strictObject(patchFields(publicBaseUrl), BODY_ERROR)
    .partial()
    .refine(windowInOrder, WINDOW_ERROR)
    .refine((fields) => Object.keys(fields).length > 0, "must name at least one field to change");
}

export type PatchBody = z.output<ReturnType<typeof patchBody>>;
