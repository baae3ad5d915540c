import { language } from "./language.ts";

export function number(value: number): string {
  return value.toLocaleString(language.value);
}

/** A moment as people write it here, in their own time zone. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(language.value, { dateStyle: "medium", timeStyle: "short" });
}

/** @param day `YYYY-MM-DD`, which names the same day everywhere */
export function day(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(language.value, {
    dateStyle: "medium",
    timeZone: "UTC",
  });
}

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago, in one word or two. */
export function ago(iso: string): string {
  const seconds = (new Date(iso).getTime() - Date.now()) / 1_000;
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: "auto" });
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return format.format(Math.trunc(seconds / size), unit);
}

/** The name of a country from its code of two letters. */
export function country(code: string): string {
  try {
    return new Intl.DisplayNames(language.value, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** An address without what every address has: what tells it from others comes first. */
export function shortUrl(url: string): string {
  return url.replace(/^https?:\/\/(www\.)?/i, "").replace(/\/$/, "");
}
