import * as z from "zod";
import {
  alphanumericRules,
  BODY_ERROR,
  fieldSchema,
  generateFields,
  WINDOW_ERROR,
  windowInOrder,
} from "../../core/code/request-fields.ts";

/** The body of `POST /generate`. */
export function generateBody(publicBaseUrl: string) {
  const [isPossible, fitsId] = alphanumericRules(publicBaseUrl);
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
    .refine(isPossible.holds, isPossible.error)
    .refine(fitsId.holds, fitsId.error);
}

export type GenerateBody = z.output<ReturnType<typeof generateBody>>;
