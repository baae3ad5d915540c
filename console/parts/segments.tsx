import { useId } from "preact/hooks";

interface SegmentsProps<T extends string> {
  legend: string;
  value: T;
  of: readonly (readonly [value: T, label: string])[];
  choose(value: T): void;
  hidesLegend?: boolean;
}

/** One of a few, all of them in sight: radio buttons that look like a strip. */
export function Segments<T extends string>({ legend, value, of, choose, hidesLegend }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class={hidesLegend ? "sr-only" : ""}>{legend}</legend>
      <div class="segments-row">
        {of.map(([key, label]) => (
          <label key={key}>
            <input type="radio" name={name} checked={key === value} onChange={() => choose(key)} />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
