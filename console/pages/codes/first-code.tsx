import { may } from "../../auth/session.ts";
import { TargetField } from "../../codes/code-fields.tsx";
import { useNewCode } from "../../codes/create-code.tsx";
import { useFirstField } from "../../codes/use-first-field.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";

/** What somebody sees who has no code yet: the one thing to do. */
export function FirstCode() {
  const { firstCode, newCode, account } = texts.value;
  const { form, change, create, error, errors, isSending } = useNewCode();
  const ref = useFirstField(error);
  return (
    <div class="first-code">
      <span class="first-code-art" aria-hidden="true" />
      <h1>{firstCode.title}</h1>
      <p class="muted">{firstCode.text}</p>
      {may("qr:write") ? (
        <form
          class="stack"
          ref={ref}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void create();
          }}
        >
          <TargetField form={form} change={change} errors={errors} isLarge />
          {error && <ErrorNote error={error} hasMarks={Boolean(errors.targetUrl)} detail={errors[""]} />}
          <div class="form-actions">
            <button type="submit" class="button button-primary button-large" disabled={isSending}>
              {isSending ? newCode.creating : newCode.create}
            </button>
            <a class="button button-quiet" href="#/new">
              {newCode.more}
            </a>
            <a class="button button-quiet" href="#/import">
              {firstCode.import}
            </a>
          </div>
        </form>
      ) : (
        <p>{account.readOnly}</p>
      )}
    </div>
  );
}
