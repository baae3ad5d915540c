import { BOUNDS } from "../../api/contract.ts";
import { texts } from "../../i18n/language.ts";
import { Field } from "../../parts/field.tsx";
import { Segments } from "../../parts/segments.tsx";
import { type Look, type shownLook, withColors } from "./look.ts";

interface PictureControlsProps {
  shown: ReturnType<typeof shownLook>;
  change(changed: Look): void;
  errors: Record<string, string>;
}

const BLACK_ON_WHITE = { color: "000000", background: "ffffff" };

const SIZES = [256, 512, 1024, BOUNDS.picture.size.maximum] as const;

/** What printers speak of: dots of a print to an inch, and centimetres to it. */
const DPI = 300;
const CM_PER_INCH = 2.54;

export function PictureControls({ shown, change, errors }: PictureControlsProps) {
  const { code } = texts.value;
  const { size, ecc, modules, color, background } = shown;
  const cm = ((size / DPI) * CM_PER_INCH).toFixed(1);
  return (
    <div class="stack picture-controls">
      <div class="colors">
        <ColorInput
          label={code.color}
          value={color}
          change={(chosen) => change(withColors(shown, { color: chosen }))}
          error={errors.color}
        />
        <ColorInput
          label={code.background}
          value={background === "transparent" ? BLACK_ON_WHITE.background : background}
          change={(chosen) => change(withColors(shown, { background: chosen }))}
          error={errors.background}
        />
        <button type="button" class="button button-small button-quiet" onClick={() => change(BLACK_ON_WHITE)}>
          {code.resetColors}
        </button>
      </div>
      <Segments
        legend={code.shape}
        value={modules}
        of={BOUNDS.picture.modules.enum.map((shape) => [shape, code.shapes[shape]] as const)}
        choose={(chosen) => change({ modules: chosen })}
      />
      <Segments
        legend={code.ecc}
        value={ecc}
        of={BOUNDS.picture.ecc.enum.map((level) => [level, code.eccLevels[level]] as const)}
        choose={(chosen) => change({ ecc: chosen })}
      />
      <Segments
        legend={`${code.size}: ${code.sizeHint(cm)}`}
        value={String(size)}
        of={SIZES.map((px) => [String(px), `${px} px`] as const)}
        choose={(chosen) => change({ size: Number(chosen) })}
      />
    </div>
  );
}

interface ColorInputProps {
  label: string;
  /** Six hexadecimal digits. */
  value: string;
  change(value: string): void;
  error: string | undefined;
}

function ColorInput({ label, value, change, error }: ColorInputProps) {
  return (
    <Field label={label} error={error}>
      {(described) => (
        <input
          {...described}
          class="color"
          type="color"
          value={`#${value}`}
          onInput={(event) => change(event.currentTarget.value.slice(1))}
        />
      )}
    </Field>
  );
}
