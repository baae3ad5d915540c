import type { ApiError } from "../api/api-error.ts";
import { texts } from "../i18n/language.ts";
import { Icon } from "./icon.tsx";

interface ErrorNoteProps {
  error: ApiError;
  /** Whether the fields beside it say what is wrong. */
  hasMarks?: boolean;
  /** What belongs to no field. */
  detail?: string | undefined;
  retry?: () => void;
}

/** Says what could not be done, and what to do about it. */
export function ErrorNote({ error, hasMarks = false, detail, retry }: ErrorNoteProps) {
  const { errors } = texts.value;
  return (
    <div class="notice notice-bad" role="alert">
      <Icon name="warn" />
      <div>
        <p>{messageOf(error, hasMarks)}</p>
        {error.failure === "refused" && !hasMarks && <p>{detail ?? error.problem?.detail}</p>}
        {error.failure !== "offline" && error.problem?.requestId && !hasMarks && (
          <p class="small muted">{errors.report(error.problem.requestId)}</p>
        )}
        {retry && (
          <button type="button" class="button button-small" onClick={retry}>
            {errors.retry}
          </button>
        )}
      </div>
    </div>
  );
}

/** One sentence for an error. */
export function messageOf(error: ApiError, hasMarks = false): string {
  const { errors } = texts.value;
  if (error.failure === "signed-out") return errors.signedOut;
  if (error.failure !== "refused") return errors[error.failure];
  return hasMarks ? errors.invalid : errors.refused;
}
