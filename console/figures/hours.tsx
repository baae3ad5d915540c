import type { HourlyScans } from "../../clients/typescript/src/schema.ts";
import { number } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";

/** When in a day it is scanned: a column for each hour. */
export function Hours({ hourly }: { hourly: HourlyScans[] }) {
  const { figures } = texts.value;
  const most = Math.max(...hourly.map(({ scans }) => scans), 1);
  return (
    <div class="hours">
      <h3>{figures.byHour}</h3>
      <ol class="columns">
        {hourly.map(({ hour, scans }) => (
          <li key={hour} title={`${hour}:00: ${number(scans)}`}>
            <span class="column" style={{ height: `${(scans / most) * 100}%` }} />
            <span class="sr-only">
              {hour}:00: {number(scans)}
            </span>
            {hour % 6 === 0 && (
              <span class="column-label muted" aria-hidden="true">
                {hour}
              </span>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
