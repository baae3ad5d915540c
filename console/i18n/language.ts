import { signal } from "@preact/signals";
import { en, type Texts } from "./en.ts";
import { LANGUAGES, type Language, languageFor, textsOf } from "./texts-for.ts";

/** A preference, no secret: kept for the next visit. */
const KEY = "language";

export const language = signal<Language>("en");
export const texts = signal<Texts>(en);

export { LANGUAGES };

/** Takes the language that was chosen last, else the browser's. */
export function startLanguage(): Promise<void> {
  return useLanguage(languageFor(localStorage.getItem(KEY) ?? navigator.languages.join(",")));
}

export async function chooseLanguage(chosen: Language): Promise<void> {
  localStorage.setItem(KEY, chosen);
  await useLanguage(chosen);
}

async function useLanguage(chosen: Language): Promise<void> {
  texts.value = await textsOf(chosen);
  language.value = chosen;
  document.documentElement.lang = chosen;
}
