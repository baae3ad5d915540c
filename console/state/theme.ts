import { signal } from "@preact/signals";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** A preference, no secret: kept for the next visit. */
const KEY = "theme";

export const theme = signal<Theme>("auto");

export function startTheme(): void {
  const kept = localStorage.getItem(KEY);
  apply(THEMES.find((known) => known === kept) ?? "auto");
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(KEY, chosen);
  apply(chosen);
}

function apply(chosen: Theme): void {
  theme.value = chosen;
  document.documentElement.dataset.theme = chosen;
}
