import { DAY_MS, utcDate } from "./utc-date.ts";

const MINUTE_MS = 60_000;

/** All offsets in use, and all changes of one, are multiples of it. */
export const QUARTER_MS = 15 * MINUTE_MS;

/** No zone is farther from UTC than 14 hours. */
const MAX_OFFSET_MS = 14 * 60 * MINUTE_MS;

/** A name of the IANA database rather than a bare offset, which `Intl` takes as well. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** By name in lower case. Only names that exist get in, so that it can't grow beyond the IANA database. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const key = zone.toLowerCase();
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(key, made);
  return made;
}

/** Whether a text names a time zone of the IANA database, in any case. */
export function isTimeZone(zone: string): boolean {
  if (zone.length > 64 || !ZONE_NAME.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * How far a zone's clocks are ahead of UTC, in minutes.
 *
 * @param at Unix ms
 */
export function offsetMinutes(zone: string, at: number): number {
  // "3/15/2026, GMT+05:45"; UTC itself is "GMT".
  const [, sign, hours = "0", minutes = "0"] =
    /GMT(?:([+-])(\d\d):(\d\d))?/.exec(formatOf(zone).format(at)) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** `YYYY-MM-DD` of a zone's day that holds `at` (Unix ms). */
export function localDate(zone: string, at: number): string {
  return utcDate(at + offsetMinutes(zone, at) * MINUTE_MS);
}

/** A stretch of time in which a zone's offset is the same: Unix ms, the end excluded. */
export interface OffsetSpan {
  from: number;
  to: number;
  offsetMinutes: number;
}

/**
 * The time that a zone's clocks show as the days from `firstDate` to `lastDate` (`YYYY-MM-DD`, both included), in the
 * order of time: one span, and one more for each change of the offset. A day begins at the zone's midnight, or where
 * clocks skip that, when they do.
 */
export function offsetSpans(zone: string, firstDate: string, lastDate: string): OffsetSpan[] {
  const [first, end] = [Date.parse(firstDate), Date.parse(lastDate) + DAY_MS];
  const spans: OffsetSpan[] = [];
  let from = first - MAX_OFFSET_MS;
  const last = end + MAX_OFFSET_MS;
  let offset = offsetMinutes(zone, from);
  for (let at = from; at < last; ) {
    const next = Math.min(at + DAY_MS, last);
    if (offsetMinutes(zone, next) !== offset) {
      const change = changeBetween(zone, at, next, offset);
      spans.push({ from, to: change, offsetMinutes: offset });
      [from, at, offset] = [change, change, offsetMinutes(zone, change)];
    } else at = next;
  }
  spans.push({ from, to: last, offsetMinutes: offset });
  return spans
    .map((span) => {
      const ahead = span.offsetMinutes * MINUTE_MS;
      return { ...span, from: Math.max(span.from, first - ahead), to: Math.min(span.to, end - ahead) };
    })
    .filter((span) => span.from < span.to);
}

/** The first quarter of an hour whose offset is another one than that of `from`. */
function changeBetween(zone: string, from: number, to: number, offset: number): number {
  let [same, changed] = [from, to];
  while (changed - same > QUARTER_MS) {
    const middle = Math.floor((same + changed) / 2 / QUARTER_MS) * QUARTER_MS;
    if (offsetMinutes(zone, middle) === offset) same = middle;
    else changed = middle;
  }
  return changed;
}
