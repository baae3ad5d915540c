import { useId } from "preact/hooks";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";

/** How far something is. */
export function Bar({ label, value, max }: { label: string; value: number; max: number }) {
  const id = useId();
  return (
    <div class="bar">
      <label for={id}>{label}</label>
      <span class="muted small">{texts.value.import.progress(number(value), number(max))}</span>
      <progress id={id} value={value} max={Math.max(max, 1)} />
    </div>
  );
}
