import { BOUNDS } from "../../api/contract.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { Field, TextField } from "../../parts/field.tsx";
import type { InkChoice, Print } from "./print.ts";

interface InkControlsProps {
  print: Print;
  change(changed: Partial<Print>): void;
  errors: Record<string, string>;
}

const CHOICES: readonly InkChoice[] = ["usual", ...BOUNDS.picture.ink.enum, "spot"];

/** What an arrow adds. */
const STEP_DPI = 100;

/** With what and how finely a picture of a physical size is printed. */
export function InkControls({ print, change, errors }: InkControlsProps) {
  const { design: said } = texts.value;
  const { minimum, maximum } = BOUNDS.picture.dpi;
  const dpi = Number(print.dpi);
  const isDpiWrong = print.dpi !== "" && !(Number.isInteger(dpi) && dpi >= minimum && dpi <= maximum);
  return (
    <div class="field-pair">
      <Field label={said.ink} hint={said.inkHints[print.ink]} error={errors.ink}>
        {(described) => (
          <select
            {...described}
            class="input"
            value={print.ink}
            onChange={(event) => change({ ink: event.currentTarget.value as InkChoice })}
          >
            {CHOICES.map((ink) => (
              <option key={ink} value={ink}>
                {said.inks[ink]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {print.ink === "spot" && (
        <TextField
          label={said.spot}
          hint={said.spotHint}
          error={errors.spot}
          value={print.spot}
          change={(spot) => change({ spot })}
        />
      )}
      <TextField
        label={said.dpi}
        error={isDpiWrong ? said.sizeBounds(number(minimum), number(maximum)) : errors.dpi}
        type="number"
        min={minimum}
        max={maximum}
        step={STEP_DPI}
        value={print.dpi}
        change={(value) => change({ dpi: value })}
      />
    </div>
  );
}
