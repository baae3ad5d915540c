import * as z from "zod";
import type { AuthorizedEvent } from "./tenancy.ts";
import { validate } from "./validate.ts";

/** The `Idempotency-Key` header: visible ASCII. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, "must have 1 to 255 visible ASCII characters")
  .meta({
    description: "repeat it to retry: for 24 hours the same key and body do their work once",
    examples: ["menu-2030"],
  })
  .optional();

/** Says that an earlier request with the same `Idempotency-Key` did the work. */
export const REPLAYED = { "idempotent-replayed": "true" };

/** The key that a request has, if any. @throws Invalid if it is malformed */
export function idempotencyKeyOf(event: AuthorizedEvent): string | undefined {
  return validate(idempotencyKey, event.headers["idempotency-key"], "Idempotency-Key");
}
