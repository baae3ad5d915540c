import { useState } from "preact/hooks";
import type { ApiKeyRequest, NewApiKey } from "../../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { BOUNDS } from "../../api/contract.ts";
import { session } from "../../auth/session.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { TextField } from "../../parts/field.tsx";
import { useDraft } from "../../state/draft.ts";

type Scope = ApiKeyRequest["scopes"][number];

const EMPTY: { name: string; scopes: Scope[]; expiresAt: string } = {
  name: "",
  scopes: ["qr:read"],
  expiresAt: "",
};

/** Makes a key that may do no more than whoever makes it. */
export function NewKeyForm({ made }: { made(key: NewApiKey): void }) {
  const { keys } = texts.value;
  const [form, change, forget] = useDraft("key", EMPTY);
  const [error, setError] = useState<ApiError>();
  const errors = error?.fieldErrors(["name", "scopes", "expiresAt"]) ?? {};
  const create = async () => {
    try {
      const { name, scopes, expiresAt } = form;
      const limited = expiresAt === "" ? {} : { expiresAt: new Date(expiresAt).toISOString() };
      made((await call("createKey", { body: { name, scopes, ...limited } })).data);
      forget();
      setError(undefined);
    } catch (failed) {
      setError(asApiError(failed));
    }
  };
  const toggle = (scope: Scope) => {
    const { scopes } = form;
    change({
      scopes: scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope],
    });
  };
  return (
    <section class="card new-key" aria-labelledby="new-key">
      <h2 id="new-key">{keys.newKey}</h2>
      <form
        class="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        <TextField
          label={keys.name}
          hint={keys.nameHint}
          error={errors.name}
          maxLength={BOUNDS.createKey.name.maxLength}
          value={form.name}
          change={(name) => change({ name })}
        />
        <fieldset class="bare checks">
          <legend class="field-label">{keys.may}</legend>
          {BOUNDS.createKey.scopes.items.enum
            .filter((scope) => session.value?.scopes.includes(scope))
            .map((scope) => (
              <label class="check" key={scope}>
                <input type="checkbox" checked={form.scopes.includes(scope)} onChange={() => toggle(scope)} />
                {keys.scopes[scope]}
              </label>
            ))}
          {errors.scopes && <p class="field-error">{errors.scopes}</p>}
        </fieldset>
        <TextField
          label={keys.expiresAt}
          hint={keys.expiresHint}
          error={errors.expiresAt}
          type="datetime-local"
          value={form.expiresAt}
          change={(expiresAt) => change({ expiresAt })}
        />
        {error && (
          <ErrorNote error={error} hasMarks={Object.keys(errors).some(Boolean)} detail={errors[""]} />
        )}
        <div class="form-actions">
          <button type="submit" class="button button-primary">
            {keys.create}
          </button>
        </div>
      </form>
    </section>
  );
}
