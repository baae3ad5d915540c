import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { may } from "../../auth/session.ts";
import { isGone } from "../../codes/change-code.ts";
import { OptionFields, TargetField } from "../../codes/code-fields.tsx";
import { FIELD_NAMES } from "../../codes/form.ts";
import { useCodeForm } from "../../codes/use-code-form.ts";
import { moment } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Conflicts } from "./conflicts.tsx";

/** Where a code leads, and its other fields. */
export function Destination({ code }: { code: QrCode }) {
  const { code: said, conflict } = texts.value;
  const edited = useCodeForm(code);
  const { form, change, error, conflicts, isSending } = edited;
  const errors = error?.fieldErrors(FIELD_NAMES) ?? {};
  const isMarked = Object.keys(errors).some((name) => name !== "");
  const fields = { form, change, errors };
  return (
    <section class="card" aria-labelledby="destination">
      <h2 id="destination">{said.details}</h2>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void edited.save();
        }}
      >
        {conflicts.length > 0 && (
          <Conflicts {...edited} names={conflicts} theirs={edited.stored} yours={form} />
        )}
        <fieldset class="bare stack" disabled={!may("qr:write")}>
          <TargetField {...fields} />
          <OptionFields {...fields} />
        </fieldset>
        {error && (
          <ErrorNote error={error} hasMarks={isMarked} detail={isGone(error) ? conflict.gone : errors[""]} />
        )}
        {edited.isDirty && (
          <div class="save-bar">
            <span class="muted small" role="status">
              {said.unsaved}
            </span>
            <button type="button" class="button button-quiet" onClick={edited.discard}>
              {said.discard}
            </button>
            <button type="submit" class="button button-primary" disabled={isSending || conflicts.length > 0}>
              {isSending ? said.saving : said.save}
            </button>
          </div>
        )}
      </form>
      <p class="muted small dates">
        {said.created} {moment(code.createdAt)} · {said.updated} {moment(code.updatedAt)}
      </p>
    </section>
  );
}
