import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

export interface Described {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

/** An input with its label, what helps to fill it, and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & { children(input: Described): ComponentChildren }) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      {children({ id, "aria-describedby": describedBy, "aria-invalid": error ? true : undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends FieldProps {
  value: string;
  change(value: string): void;
  name?: string;
  type?: "text" | "url" | "number" | "datetime-local" | "search";
  maxLength?: number;
  min?: number;
  max?: number;
  step?: number;
  placeholder?: string;
  required?: boolean;
  isLarge?: boolean;
}

/** Names may be of any script: the direction is that of what is typed. */
export function TextField({
  label,
  hint,
  error,
  value,
  change,
  type = "text",
  isLarge,
  ...others
}: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <input
          {...(others as object)}
          {...described}
          class={isLarge ? "input input-large" : "input"}
          // The service judges an address, so that people get its words rather than the browser's.
          type={(type === "url" ? "text" : type) as "text"}
          inputMode={type === "url" ? "url" : undefined}
          autoCapitalize={type === "url" ? "none" : undefined}
          autoComplete="off"
          spellcheck={type === "text" ? undefined : false}
          dir={type === "url" ? "ltr" : "auto"}
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
