/** A number as PDF and PostScript read it: no exponent, and no more digits than anything prints. */
export function decimal(value: number): string {
  const fixed = value.toFixed(5);
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "").replace(/^-0$/, "0") : fixed;
}
