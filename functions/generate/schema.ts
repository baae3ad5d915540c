import * as z from "zod";
import { baseUrlInCapitals } from "../../core/code/base-url.ts";
import {
  BODY_ERROR,
  fieldSchema,
  generateFields,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/request-fields.ts";
import { ALPHANUMERIC_ID } from "../../core/ids.ts";

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
    .refine(windowInOrder, WINDOW_ERROR)
    .refine(({ alphanumeric }) => !alphanumeric || baseUrlInCapitals(publicBaseUrl) !== undefined, {
      path: ["alphanumeric"],
      error: "can't be had here: scan URLs lie below a path that is not in capitals",
    })
    .refine(({ alphanumeric, qrId }) => !alphanumeric || !qrId || ALPHANUMERIC_ID.test(qrId), {
      path: ["qrId"],
      error: `must match ${ALPHANUMERIC_ID.source} in an alphanumeric code`,
    });
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
