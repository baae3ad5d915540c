import type { CodeForm, FieldName } from "../../codes/form.ts";
import { fieldLabel, shownValue } from "../../codes/show-value.ts";
import { texts } from "../../i18n/language.ts";
import { Icon } from "../../parts/icon.tsx";

interface ConflictsProps {
  /** Fields that were changed here and elsewhere, to different values. */
  names: FieldName[];
  theirs: CodeForm;
  yours: CodeForm;
  takeTheirs(name: FieldName): void;
  keepYours(name: FieldName): void;
}

/** Both versions of each field that two people changed, and a choice between them. */
export function Conflicts({ names, theirs, yours, takeTheirs, keepYours }: ConflictsProps) {
  const { conflict } = texts.value;
  return (
    <div class="conflicts" role="alert">
      <p class="conflicts-title">
        <Icon name="warn" />
        {conflict.title}
      </p>
      <p>{conflict.text}</p>
      {names.map((name) => (
        <fieldset class="bare conflict" key={name}>
          <legend>{fieldLabel(name)}</legend>
          <dl>
            <div>
              <dt>{conflict.theirs}</dt>
              <dd dir="auto">{shownValue(name, theirs[name])}</dd>
              <button type="button" class="button button-small" onClick={() => takeTheirs(name)}>
                {conflict.takeTheirs}
              </button>
            </div>
            <div>
              <dt>{conflict.yours}</dt>
              <dd dir="auto">{shownValue(name, yours[name])}</dd>
              <button type="button" class="button button-small" onClick={() => keepYours(name)}>
                {conflict.keepYours}
              </button>
            </div>
          </dl>
        </fieldset>
      ))}
    </div>
  );
}
