/*
 * Reed-Solomon codes over GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1, as a QR code has them (ISO/IEC 18004:2015, 7.5.2).
 */

/** Powers of 2, and the other way round. */
const EXP: number[] = [];
const LOG: number[] = [];
for (let power = 0, value = 1; power < 255; power++) {
  EXP.push(value);
  LOG[value] = power;
  value = value < 128 ? 2 * value : (2 * value) ^ 0x11d;
}

/** The codewords that correct a block. */
export function errorCorrection(data: readonly number[], count: number): number[] {
  const generator = generatorOf(count);
  const rest: number[] = Array(count).fill(0);
  for (const codeword of data) {
    const factor = codeword ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let n = 0; n < count; n++) rest[n] = (rest[n] ?? 0) ^ times(factor, generator[n] ?? 0);
  }
  return rest;
}

/** The product of all (x - 2^n), its highest coefficient left out, which is 1. */
function generatorOf(degree: number): number[] {
  let product = [1];
  for (let n = 0; n < degree; n++) {
    const root = EXP[n] ?? 0;
    product = [...product, 0].map((coefficient, at) => coefficient ^ times(root, product[at - 1] ?? 0));
  }
  return product.slice(1);
}

function times(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0;
}
