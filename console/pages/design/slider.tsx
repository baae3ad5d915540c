import { Field, type FieldProps } from "../../parts/field.tsx";

interface SliderProps extends FieldProps {
  min: number;
  max: number;
  value: number;
  /** The value in words, with its unit. */
  shown: string;
  change(value: number): void;
}

export function Slider({ label, hint, error, min, max, value, shown, change }: SliderProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(described) => (
        <div class="slider">
          <input
            {...described}
            type="range"
            min={min}
            max={max}
            value={value}
            aria-valuetext={shown}
            onInput={(event) => change(Number(event.currentTarget.value))}
          />
          <span class="slider-value" aria-hidden="true">
            {shown}
          </span>
        </div>
      )}
    </Field>
  );
}
