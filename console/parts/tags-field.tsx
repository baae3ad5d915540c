import { useState } from "preact/hooks";
import { texts } from "../i18n/language.ts";
import { Field, type FieldProps } from "./field.tsx";
import { Icon } from "./icon.tsx";

interface TagsFieldProps extends FieldProps {
  value: string[];
  change(tags: string[]): void;
  maxLength: number;
  maxItems: number;
}

/** Tags as chips, with an input that adds one by Enter, a comma, or by being left. */
export function TagsField({ label, hint, error, value, change, maxLength, maxItems }: TagsFieldProps) {
  const [typed, setTyped] = useState("");
  const add = (text: string) => {
    const found = text
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag && !value.includes(tag));
    if (found.length > 0) change([...value, ...new Set(found)]);
    setTyped("");
  };
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <div class="tags-input input">
          {value.map((tag) => (
            <span class="tag" key={tag}>
              <bdi>{tag}</bdi>
              <button
                type="button"
                class="tag-remove"
                aria-label={texts.value.fields.removeTag(tag)}
                onClick={() => change(value.filter((other) => other !== tag))}
              >
                <Icon name="close" />
              </button>
            </span>
          ))}
          <input
            {...described}
            value={typed}
            maxLength={maxLength}
            dir="auto"
            autoComplete="off"
            disabled={value.length >= maxItems}
            onInput={({ currentTarget }) => {
              if (currentTarget.value.includes(",")) add(currentTarget.value);
              else setTyped(currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter" && typed.trim()) {
                event.preventDefault();
                add(typed);
              }
              if (event.key === "Backspace" && typed === "") change(value.slice(0, -1));
            }}
            onBlur={() => add(typed)}
          />
        </div>
      )}
    </Field>
  );
}
