import * as z from "zod";
import {
  BODY_ERROR,
  fieldSchema,
  generateFields,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/request-fields.ts";

/** The body of `POST /generate`. */
export function generateBody(publicBaseUrl: string) {
  const { targetUrl, ...options } = generateFields(publicBaseUrl);
  return z
    .strictObject(
      {
        targetUrl,
        qrId: fieldSchema("qrId", publicBaseUrl)
          .nullish()
          .meta({ description: "chosen by the caller; without it the service makes one" }),
        ...options,
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
  .meta({
    description: "repeat it to retry: for 24 hours the same key and body create one code",
    examples: ["menu-2030"],
  })
  .optional();
