import { OptionFields, TargetField } from "../../codes/code-fields.tsx";
import { useNewCode } from "../../codes/create-code.tsx";
import { useFirstField } from "../../codes/use-first-field.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { TextField } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";

/** Longest ID that a caller may choose. */
const MAX_ID = 64;

export function NewCodePage() {
  const { newCode, code } = texts.value;
  const { form, change, create, error, errors, isSending } = useNewCode();
  const page = useFirstField(error);
  const marked = Object.keys(errors).filter((name) => name !== "");
  const isMarkedBelow = marked.some((name) => name !== "targetUrl");
  return (
    <form
      class="narrow-page stack"
      ref={page}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <a class="back" href="#/codes">
        <Icon name="back" />
        {code.back}
      </a>
      <h1>{newCode.title}</h1>
      <TargetField form={form} change={change} errors={errors} isLarge />
      <details class="options" open={isMarkedBelow || undefined}>
        <summary>{newCode.more}</summary>
        <div class="stack">
          <OptionFields form={form} change={change} errors={errors} />
          <TextField
            label={newCode.customId}
            hint={newCode.customIdHint}
            error={errors.qrId}
            name="qrId"
            type="url"
            maxLength={MAX_ID}
            value={form.qrId}
            change={(qrId) => change({ qrId })}
          />
        </div>
      </details>
      {error && <ErrorNote error={error} hasMarks={marked.length > 0} detail={errors[""]} />}
      <div class="form-actions">
        <button type="submit" class="button button-primary button-large" disabled={isSending}>
          {isSending ? newCode.creating : newCode.create}
        </button>
      </div>
    </form>
  );
}
