import * as z from "zod";
import {
  BODY_ERROR,
  optionFields,
  targetField,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/code-fields.ts";
import { QR_ID } from "../../core/ids.ts";

/** The body of `POST /generate`. */
export function generateBody(publicBaseUrl: string) {
  const options = optionFields(publicBaseUrl);
  return z
    .strictObject(
      {
        targetUrl: targetField(publicBaseUrl),
        qrId: z.string("must be a string").regex(QR_ID, `must match ${QR_ID.source}`).nullish(),
        name: options.name.default(null),
        tags: options.tags.default([]),
        startsAt: options.startsAt.default(null),
        expiresAt: options.expiresAt.default(null),
        maxScans: options.maxScans.default(null),
        fallbackUrl: options.fallbackUrl.default(null),
      },
      BODY_ERROR,
    )
    .refine(windowInOrder, WINDOW_ERROR);
}

export type GenerateBody = z.output<ReturnType<typeof generateBody>>;

/** The `Idempotency-Key` header: visible ASCII. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must have 1 to 255 visible ASCII characters")
  .optional();
