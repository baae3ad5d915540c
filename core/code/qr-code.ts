import { baseUrlInCapitals } from "./base-url.ts";
import type { FieldName, JsonValue, ScanField, SetBy } from "./field-types.ts";
import { CODE_FIELDS, type Field, type Setter } from "./fields.ts";
import { type CodeState, codeState } from "./state.ts";

/** A code as stored. Timestamps are ISO 8601 UTC with milliseconds; an absent option is `null`. */
export type StoredCode = { [N in FieldName]: JsonValue<N> };

export type CodeStatus = StoredCode["status"];

/** What callers decide of a code; the rest is the service's. */
export type SettableFields = Pick<StoredCode, SetBy<"generate"> | SetBy<"patch">>;

/** Every field, in the order of replies. */
export const FIELDS = Object.entries(CODE_FIELDS) as [FieldName, Field][];

export const SETTABLE_FIELDS = FIELDS.filter(([, { setBy }]) => setBy.length > 0).map(
  ([name]) => name as keyof SettableFields,
);

export const SCAN_FIELDS = FIELDS.filter(([, { scan }]) => scan).map(([name]) => name as ScanField);

/** Whether a request may set the field. */
export function isSetBy(setter: Setter, { setBy }: Field): boolean {
  return setBy.includes(setter);
}

/** How often a code was scanned. */
export interface CodeCounts {
  scans: number;
  /** Scans on the UTC day that was asked for. */
  today: number;
}

/** A code as its tenant sees it: with the URL that is printed, what a scan would meet, and the live number of scans. */
export interface QrCode extends StoredCode {
  scanUrl: string;
  state: CodeState;
  scans: number;
}

/**
 * What a code's picture encodes. Short, since every character makes the picture denser, and in capitals if the code was
 * made so: the alphanumeric mode of a QR code takes 5.5 bits a character instead of 8.
 *
 * @param publicBaseUrl as `printedBaseUrl` gives it
 */
export function scanUrl(
  publicBaseUrl: string,
  { qrId, alphanumeric }: Pick<StoredCode, "qrId" | "alphanumeric">,
): string {
  const inCapitals = alphanumeric ? baseUrlInCapitals(publicBaseUrl) : undefined;
  return inCapitals === undefined ? `${publicBaseUrl}/scan/${qrId}` : `${inCapitals}/SCAN/${qrId}`;
}

/**
 * @param scans the live counter; a stored copy of it would be stale at the next scan
 * @param now Unix ms, at which the reply is made
 */
export function presentCode(code: StoredCode, scans: number, publicBaseUrl: string, now: number): QrCode {
  const { qrId, tenantId, targetUrl, name, tags, status, ...others } = knownFields(code);
  const printed = scanUrl(publicBaseUrl, code);
  const state = codeState(code, scans, now);
  return { qrId, tenantId, targetUrl, scanUrl: printed, name, tags, status, state, ...others, scans };
}

/** A code that has every field and no value, for whoever asks what a code looks like. */
export function blankCode(): StoredCode {
  return Object.fromEntries(FIELDS.map(([name]) => [name, null])) as unknown as StoredCode;
}

/** The fields of the table and no other. */
export function knownFields(stored: StoredCode): StoredCode {
  const known: Record<string, unknown> = {};
  for (const [name] of FIELDS) known[name] = stored[name];
  return known as StoredCode;
}
