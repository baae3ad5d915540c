import type { QrCode, QrCodeInput, QrCodePatch } from "../../clients/typescript/src/schema.ts";

/** What is typed into the fields of a code, as the inputs hold it. */
export interface CodeForm {
  targetUrl: string;
  name: string;
  tags: string[];
  startsAt: string;
  expiresAt: string;
  maxScans: string;
  fallbackUrl: string;
}

export type FieldName = keyof CodeForm;

export const FIELD_NAMES: readonly FieldName[] = [
  "targetUrl",
  "name",
  "tags",
  "startsAt",
  "expiresAt",
  "maxScans",
  "fallbackUrl",
];

export const EMPTY_FORM: CodeForm = {
  targetUrl: "",
  name: "",
  tags: [],
  startsAt: "",
  expiresAt: "",
  maxScans: "",
  fallbackUrl: "",
};

export function formOf(code: QrCode): CodeForm {
  return {
    targetUrl: code.targetUrl,
    name: code.name ?? "",
    tags: code.tags,
    startsAt: localTime(code.startsAt),
    expiresAt: localTime(code.expiresAt),
    maxScans: code.maxScans === null ? "" : String(code.maxScans),
    fallbackUrl: code.fallbackUrl ?? "",
  };
}

/** What is typed, as the API takes it; what is left empty is left out. */
export function inputOf(form: CodeForm): QrCodeInput {
  const { targetUrl, ...options } = valuesOf(form);
  const given = Object.entries(options).filter(([, value]) => value !== null && value.length !== 0);
  return { targetUrl: targetUrl ?? "", ...Object.fromEntries(given) };
}

/** The fields that differ from the code's. */
export function patchOf(form: CodeForm, before: CodeForm): QrCodePatch {
  const changed = Object.entries(valuesOf(form)).filter(([name]) =>
    isChanged(form, before, name as FieldName),
  );
  return Object.fromEntries(changed);
}

export function isChanged(form: CodeForm, before: CodeForm, name: FieldName): boolean {
  return String(form[name]) !== String(before[name]);
}

function valuesOf(form: CodeForm) {
  return {
    targetUrl: withScheme(form.targetUrl),
    name: form.name.trim() || null,
    tags: form.tags,
    startsAt: instant(form.startsAt),
    expiresAt: instant(form.expiresAt),
    // What is no number is the API's to refuse.
    maxScans: form.maxScans === "" ? null : (Number(form.maxScans) as number & { length?: undefined }),
    fallbackUrl: withScheme(form.fallbackUrl) || null,
  };
}

/** People type addresses without their scheme. */
function withScheme(url: string): string {
  const trimmed = url.trim();
  return /^[\w-]+(\.[\w-]+)+([/:?#]|$)/.test(trimmed) ? `https://${trimmed}` : trimmed;
}

/** A moment as an input of this kind holds it: in the browser's time zone, to the minute. */
function localTime(iso: string | null): string {
  if (iso === null) return "";
  const date = new Date(iso);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, "2030-01-01T00:00".length);
}

function instant(local: string): string | null {
  return local === "" ? null : new Date(local).toISOString();
}
