/** PDF and PostScript measure in points, 72 to the inch. */
const PT_PER_MM = 72 / 25.4;

const MM_PER = { mm: 1, cm: 10, m: 1_000, in: 25.4 } as const;

export type Unit = keyof typeof MM_PER;

/** Reads `30mm` or `1.25in`, at most four decimals, as millimetres; `undefined` for anything else. */
export function parseLength(text: string, units: readonly Unit[] = ["mm", "in"]): number | undefined {
  const [, digits, unit] = /^(\d{1,5}(?:\.\d{1,4})?)(mm|cm|m|in)$/.exec(text) ?? [];
  if (digits === undefined || !units.includes(unit as Unit)) return undefined;
  return Number(digits) * MM_PER[unit as Unit];
}

export function toPoints(millimetres: number): number {
  return millimetres * PT_PER_MM;
}
