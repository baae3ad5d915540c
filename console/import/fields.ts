import type { ImportRow } from "../../clients/typescript/src/schema.ts";

export type ImportField = keyof ImportRow;

/** What spreadsheets call each field in their first line, beside its own name: English and German, without spaces. */
const CALLED: Record<ImportField, readonly string[]> = {
  qrId: ["id", "shortid", "code", "kurzid", "kennung"],
  targetUrl: ["url", "link", "target", "destination", "address", "leadsto", "ziel", "adresse", "führtzu"],
  name: ["title", "label", "titel", "bezeichnung"],
  tags: ["tag", "labels", "keywords", "schlagwort", "schlagworte", "schlagwörter"],
  status: ["state", "zustand"],
  startsAt: ["start", "starts", "from", "beginn", "ab"],
  expiresAt: ["end", "ends", "expires", "until", "ende", "endet", "bis"],
  maxScans: ["limit", "scanlimit", "höchstens"],
  fallbackUrl: ["fallback", "ersatz", "ersatzadresse"],
  alphanumeric: ["alphanumerisch"],
  style: ["design", "look", "aussehen"],
};

export const IMPORT_FIELDS = Object.keys(CALLED) as ImportField[];

const FIELD_OF = new Map(
  IMPORT_FIELDS.flatMap((field) =>
    [field.toLowerCase(), ...CALLED[field]].map((name) => [name, field] as const),
  ),
);

/** Which field each column holds, by its header; none has two columns. Empty: the column is left out. */
export function guessedFields(header: readonly string[]): (ImportField | "")[] {
  const exact = header.map((cell) => IMPORT_FIELDS.find((field) => field.toLowerCase() === plain(cell)));
  const taken = new Set<string>();
  return header.map((cell, column) => {
    const field = exact[column] ?? FIELD_OF.get(plain(cell));
    const isOthers = field && !exact[column] && exact.includes(field);
    if (!field || isOthers || taken.has(field)) return "";
    taken.add(field);
    return field;
  });
}

const plain = (cell: string) =>
  cell
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
