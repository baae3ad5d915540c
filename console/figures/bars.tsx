import type { ValueCount } from "../../clients/typescript/src/schema.ts";
import { number } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";

interface BarsProps {
  title: string;
  values: ValueCount[];
  /** What people call a value. */
  nameOf?: (value: string) => string;
}

/** Names with their scans, the longest bar for the most. */
export function Bars({ title, values, nameOf = (value) => value }: BarsProps) {
  const { figures } = texts.value;
  const most = Math.max(...values.map(({ scans }) => scans), 1);
  return (
    <div class="bars">
      <h3>{title}</h3>
      {values.length === 0 && <p class="muted small">{figures.nothing}</p>}
      <ul>
        {values.map(({ value, scans }) => (
          <li key={value}>
            <span class="bar" style={{ width: `${(scans / most) * 100}%` }} />
            <bdi class="bar-name">{value ? nameOf(value) : figures.unknown}</bdi>
            <span class="bar-count">{number(scans)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
