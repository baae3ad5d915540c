import { en, type Texts } from "./en.ts";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** The texts of a language; the others are loaded when they are asked for. */
export async function textsOf(language: Language): Promise<Texts> {
  return language === "de" ? (await import("./de.ts")).de : en;
}

/** The first language of a list such as `Accept-Language` that there are texts in. */
export function languageFor(wanted = ""): Language {
  const codes = wanted.split(",").map((part) => part.trim().slice(0, 2).toLowerCase());
  return codes.find((code): code is Language => Object.hasOwn(LANGUAGES, code)) ?? "en";
}

/** @param wanted as in `Accept-Language` */
export async function textsFor(wanted: string | undefined): Promise<{ language: Language; texts: Texts }> {
  const language = languageFor(wanted);
  return { language, texts: await textsOf(language) };
}
