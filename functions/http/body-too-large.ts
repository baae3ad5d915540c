import { ServiceError } from "../../core/errors.ts";

/** The refusal of a body that is longer than its route takes. */
export function bodyTooLarge(maxBytes: number): ServiceError {
  const message = `must have at most ${maxBytes} bytes`;
  return new ServiceError("too-large", `the body ${message}`, { errors: [{ path: "body", message }] });
}
