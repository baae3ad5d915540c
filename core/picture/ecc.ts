/** Error correction levels of ISO/IEC 18004: about 7, 15, 25 and 30 % of the code may be damaged. */
export const ECC_LEVELS = ["L", "M", "Q", "H"] as const;

export type Ecc = (typeof ECC_LEVELS)[number];
