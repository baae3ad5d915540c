import { BOUNDS } from "../../api/contract.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { Field } from "../../parts/field.tsx";
import { Segments } from "../../parts/segments.tsx";
import type { ControlsProps } from "./controls-props.ts";
import { BLACK_ON_WHITE, recolored } from "./design.ts";
import { Slider } from "./slider.tsx";

const { modules, finders, ecc, margin } = BOUNDS.putStyle;

export function StyleControls({ design, change, errors }: ControlsProps) {
  const { code, design: said } = texts.value;
  const isTransparent = design.background === "transparent";
  return (
    <section class="stack" aria-labelledby="design-style">
      <h2 id="design-style">{said.style}</h2>
      <div class="field-pair">
        <Segments
          legend={said.modules}
          value={design.modules}
          of={modules.enum.map((shape) => [shape, code.shapes[shape]] as const)}
          choose={(chosen) => change({ modules: chosen })}
        />
        <Segments
          legend={said.finders}
          value={design.finders}
          of={finders.enum.map((shape) => [shape, said.finderShapes[shape]] as const)}
          choose={(chosen) => change({ finders: chosen })}
        />
      </div>
      <div class="colors">
        {(["color", "ring", "eye"] as const).map((name) => (
          <ColorField
            key={name}
            label={said[name]}
            value={design[name]}
            change={(value) => change(recolored(design, name, value))}
            error={errors[name]}
          />
        ))}
        <ColorField
          label={said.background}
          value={isTransparent ? BLACK_ON_WHITE.background : design.background}
          change={(background) => change({ background })}
          error={errors.background}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={isTransparent}
            onChange={() => change({ background: isTransparent ? BLACK_ON_WHITE.background : "transparent" })}
          />
          {said.transparent}
        </label>
        <button type="button" class="button button-small button-quiet" onClick={() => change(BLACK_ON_WHITE)}>
          {code.resetColors}
        </button>
      </div>
      <Segments
        legend={code.ecc}
        value={design.ecc}
        of={ecc.enum.map((level) => [level, `${level} · ${code.eccLevels[level]}`] as const)}
        choose={(chosen) => change({ ecc: chosen })}
      />
      <Slider
        label={said.margin}
        error={errors.margin}
        min={margin.minimum}
        max={margin.maximum}
        value={design.margin}
        shown={said.marginOf(number(design.margin))}
        change={(value) => change({ margin: value })}
      />
    </section>
  );
}

interface ColorFieldProps {
  label: string;
  /** `#rrggbb`. */
  value: string;
  change(value: string): void;
  error: string | undefined;
}

function ColorField({ label, value, change, error }: ColorFieldProps) {
  return (
    <Field label={label} error={error}>
      {(described) => (
        <input
          {...described}
          class="color"
          type="color"
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
