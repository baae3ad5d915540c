import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Invalid } from "../../core/errors.ts";
import { redrawLogo } from "../../functions/put-logo/redraw.ts";
import { type Archive, archives } from "./corpora/archives.ts";
import { corpusFolder } from "./corpora/fetch.ts";

/** What is refused of each corpus, by the name of its file, with the reason. All else is drawn. */
const CORPORA: { archive: Archive; count: number; refused: Record<string, RegExp> }[] = [
  {
    archive: archives.superTinyIcons,
    count: 364,
    refused: {
      "calendar.svg": /<text>, which is not drawn/,
      "jquery.svg": /<text>, which is not drawn/,
      "keepassdx.svg": /<filter>, which is not drawn/,
      "visualstudiocode.svg": /<filter>, which is not drawn/,
    },
  },
  {
    archive: archives.flagIcons,
    count: 542,
    refused: { "um.svg": /<marker>, which is not drawn/, "us.svg": /<marker>, which is not drawn/ },
  },
];

/** Draws every n-th logo of public corpora anew, and holds what is refused against what is known to be. */
export function logoCorpora(every: number, timeout: number): void {
  it.each(CORPORA)(
    "$archive.name: all are drawn but $refused",
    { timeout },
    async ({ archive, count, refused }) => {
      const folder = await corpusFolder(archive);
      const files = globSync("**/*.svg", { cwd: folder }).sort();
      expect(files).toHaveLength(count);
      for (const file of files.filter((_, n) => n % every === 0)) {
        const [, reason] = Object.entries(refused).find(([name]) => file.endsWith(`/${name}`)) ?? [];
        const drawn = await redrawLogo(readFileSync(join(folder, file))).catch((error: unknown) => error);
        if (reason === undefined) expect(drawn, file).toMatchObject({ png: expect.anything() });
        else {
          expect(drawn, file).toBeInstanceOf(Invalid);
          expect((drawn as Invalid).message).toMatch(reason);
        }
      }
    },
  );
}
