import { BOUNDS } from "../api/contract.ts";
import { timeZone } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";
import { TextField } from "../parts/field.tsx";
import { TagsField } from "../parts/tags-field.tsx";
import type { CodeForm } from "./form.ts";

export interface CodeFieldsProps {
  form: CodeForm;
  change(changed: Partial<CodeForm>): void;
  /** What the service says of each field. */
  errors: Record<string, string>;
}

const { generate: bounds } = BOUNDS;

export function TargetField({ form, change, errors, isLarge }: CodeFieldsProps & { isLarge?: boolean }) {
  const { fields, newCode } = texts.value;
  return (
    <TextField
      label={isLarge ? newCode.target : fields.targetUrl}
      hint={newCode.targetHint}
      error={errors.targetUrl}
      name="targetUrl"
      type="url"
      placeholder={newCode.placeholder}
      maxLength={bounds.targetUrl.maxLength}
      value={form.targetUrl}
      change={(targetUrl) => change({ targetUrl })}
      {...(isLarge ? { isLarge } : {})}
    />
  );
}

/** Every field of a code but its target. */
export function OptionFields({ form, change, errors }: CodeFieldsProps) {
  const { fields } = texts.value;
  return (
    <>
      <TextField
        label={fields.name}
        hint={fields.nameHint}
        error={errors.name}
        name="name"
        maxLength={bounds.name.maxLength}
        value={form.name}
        change={(name) => change({ name })}
      />
      <TagsField
        label={fields.tags}
        hint={fields.tagsHint}
        error={errors.tags}
        maxLength={bounds.tags.items.maxLength}
        maxItems={bounds.tags.maxItems}
        value={form.tags}
        change={(tags) => change({ tags })}
      />
      <div class="field-pair">
        <TextField
          label={fields.startsAt}
          hint={fields.timeHint(timeZone())}
          error={errors.startsAt}
          name="startsAt"
          type="datetime-local"
          value={form.startsAt}
          change={(startsAt) => change({ startsAt })}
        />
        <TextField
          label={fields.expiresAt}
          hint={fields.timeHint(timeZone())}
          error={errors.expiresAt}
          name="expiresAt"
          type="datetime-local"
          value={form.expiresAt}
          change={(expiresAt) => change({ expiresAt })}
        />
      </div>
      <TextField
        label={fields.maxScans}
        hint={fields.maxScansHint}
        error={errors.maxScans}
        name="maxScans"
        type="number"
        min={bounds.maxScans.minimum}
        max={bounds.maxScans.maximum}
        value={form.maxScans}
        change={(maxScans) => change({ maxScans })}
      />
      <TextField
        label={fields.fallbackUrl}
        hint={fields.fallbackHint}
        error={errors.fallbackUrl}
        name="fallbackUrl"
        type="url"
        maxLength={bounds.fallbackUrl.maxLength}
        value={form.fallbackUrl}
        change={(fallbackUrl) => change({ fallbackUrl })}
      />
    </>
  );
}
