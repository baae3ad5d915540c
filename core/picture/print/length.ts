/** PDF and PostScript measure in points, 72 to the inch. */
const PT_PER_MM = 72 / 25.4;

const MM_PER = { mm: 1, in: 25.4 } as const;

/** Reads `30mm` or `1.25in`, at most four decimals, as millimetres; `undefined` for anything else. */
export function parseLength(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,5}(?:\.\d{1,4})?)(mm|in)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * MM_PER[unit as keyof typeof MM_PER];
}

export function toPoints(millimetres: number): number {
  return millimetres * PT_PER_MM;
}
