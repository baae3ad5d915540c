import { Invalid } from "../../core/errors.ts";

/** A file that is no logo. @param reason continues "the logo …" */
export function refusal(reason: string, cause?: unknown): Invalid {
  return new Invalid([{ path: "body", message: reason }], { cause });
}

/** One whose drawing was ended. */
export function takesTooLong(cause: unknown): Invalid {
  return refusal("takes too long to draw", cause);
}
