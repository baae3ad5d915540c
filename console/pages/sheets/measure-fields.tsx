import { texts } from "../../i18n/language.ts";
import { TextField } from "../../parts/field.tsx";
import { MEASURES, type SheetForm } from "./sheet-form.ts";

interface MeasureFieldsProps {
  custom: SheetForm["custom"];
  change(custom: SheetForm["custom"]): void;
  /** By the paths of the request. */
  errors: Record<string, string>;
}

/** The measures of a sheet of one's own. */
export function MeasureFields({ custom, change, errors }: MeasureFieldsProps) {
  const { sheets: said } = texts.value;
  return (
    <fieldset class="bare stack-tight">
      <legend class="field-label">{said.measures}</legend>
      {errors.custom && <p class="field-error">{errors.custom}</p>}
      <div class="measures">
        {MEASURES.map((measure) => (
          <TextField
            key={measure}
            label={said.measureNames[measure]}
            error={errors[`custom.${measure}`]}
            type="number"
            min={0}
            value={custom[measure]}
            change={(value) => change({ ...custom, [measure]: value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
