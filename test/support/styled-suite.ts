import { expect, it } from "vitest";
import { type Reads, readsAsDrawn, readsOfPhotograph, trial } from "./styled-pictures.ts";

/** What each decoder reads at least in photographs of random styles; `docs/pictures.md` has what it does read. */
const MIN_PHOTOGRAPHED: Record<keyof Reads, number> = { zxing: 0.96, jsQR: 0.75, zbar: 0.68 };

/** Of photographs that one of them reads. */
const MIN_READ_BY_ANY = 0.98;

/**
 * Draws so many random styles that the rules let pass, each of which three decoders read as it is drawn; and photographs
 * them: turned, in perspective, shrunk, blurred and with noise.
 *
 * @param photographEach how many styles go to a photograph
 */
export function styledSuite(firstSeed: number, count: number, timeout: number, photographEach = 1): void {
  it(`${count} random styles are read as drawn, and in a photograph`, { timeout }, async () => {
    const unread: string[] = [];
    const photographed: Reads[] = [];
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const tried = trial(seed);
      const drawn = await readsAsDrawn(tried);
      if (seed % photographEach === 0) photographed.push(await readsOfPhotograph(tried));
      if (Object.values(drawn).includes(false)) unread.push(`${JSON.stringify(drawn)} ${tried.description}`);
    }
    expect(unread).toEqual([]);
    for (const [decoder, share] of Object.entries(MIN_PHOTOGRAPHED)) {
      const read = photographed.filter((reads) => reads[decoder as keyof Reads]).length;
      expect(
        read / photographed.length,
        `photographs read by ${decoder}: ${read} of ${photographed.length}`,
      ).toBeGreaterThanOrEqual(share);
    }
    const byAny = photographed.filter((reads) => Object.values(reads).includes(true)).length;
    expect(
      byAny / photographed.length,
      `photographs that one reads: ${byAny} of ${photographed.length}`,
    ).toBeGreaterThanOrEqual(MIN_READ_BY_ANY);
  });
}
