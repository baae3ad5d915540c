import { expect, it } from "vitest";
import { type Reads, readsOf, trial } from "./styled-pictures.ts";

/** What each decoder reads at least of random styles with random logos; `docs/pictures.md` has what it does read. */
const MIN_READ: Record<"drawn" | "photographed", Record<keyof Reads, number>> = {
  drawn: { zxing: 1, jsQR: 1, zbar: 0.97 },
  photographed: { zxing: 0.96, jsQR: 0.75, zbar: 0.68 },
};

/** Draws so many random styles that the rules let pass, and photographs each: turned, in perspective, shrunk, blurred and with noise. */
export function styledSuite(firstSeed: number, count: number, timeout: number): void {
  it(`${count} random styles are read as drawn, and in a photograph`, { timeout }, async () => {
    const seen: Record<"drawn" | "photographed", Reads[]> = { drawn: [], photographed: [] };
    const unread: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const tried = trial(seed);
      const [drawn, photographed] = await readsOf(tried.picture, tried);
      seen.drawn.push(drawn);
      seen.photographed.push(photographed);
      if (Object.values(drawn).includes(false)) unread.push(`${JSON.stringify(drawn)} ${tried.description}`);
    }
    for (const [how, least] of Object.entries(MIN_READ)) {
      for (const [decoder, share] of Object.entries(least)) {
        const read = seen[how as keyof typeof seen].filter((reads) => reads[decoder as keyof Reads]).length;
        const message = `${how}, read by ${decoder}: ${read} of ${count}\n${unread.join("\n")}`;
        expect(read / count, message).toBeGreaterThanOrEqual(share);
      }
    }
  });
}
