import { asApiError } from "../api/api-error.ts";
import { messageOf } from "../parts/error-note.tsx";
import { say } from "../state/toasts.ts";

/** Says why something could not be done that has no field of its own: what the service says of it, if it does. */
export function tellFailure(error: unknown): void {
  const refused = asApiError(error);
  const detail = refused.failure === "refused" ? refused.problem?.detail : undefined;
  say(detail ? `${messageOf(refused)} ${detail}` : messageOf(refused), { isBad: true });
}
