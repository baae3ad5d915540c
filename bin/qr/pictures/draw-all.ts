import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type QrClient, type QrCode, QrServiceError } from "../../../clients/typescript/src/index.ts";
import { BYTE_ORDER_MARK, csvLines } from "../../../core/csv/write.ts";
import { explain } from "../parts/explain.ts";
import type { CodeFilter } from "../parts/filter-options.ts";
import { numberText, type Progress } from "../parts/progress.ts";
import { wholeFile } from "../parts/whole-file.ts";
import { codePages } from "./code-pages.ts";
import { baseName } from "./file-name.ts";

export type PictureFormat = "svg" | "png" | "pdf" | "eps";

export interface DrawOptions {
  folder: string;
  format: PictureFormat;
  /** Further options of the picture, as the API has them. */
  query: Record<string, string>;
  filter: CodeFilter;
  /** Pictures that are drawn at the same time. */
  atOnce: number;
  /** Draws what is there, too. */
  anew: boolean;
}

export interface Drawn {
  drawn: number;
  /** There already. */
  kept: number;
  failed: number;
}

const MANIFEST = "manifest.csv";
const COLUMNS = ["qrId", "name", "file", "scanUrl", "targetUrl"];

/**
 * Draws the pictures of all codes that are chosen into a folder, with a manifest of them. A file has its name once it is
 * whole, and one that is there is not drawn again: a run after one that was killed does what is left.
 *
 * @throws QrServiceError if the service refuses them all
 */
export async function drawAll(client: QrClient, options: DrawOptions, progress: Progress): Promise<Drawn> {
  const { folder, filter, atOnce } = options;
  const count: Drawn = { drawn: 0, kept: 0, failed: 0 };
  const taken = new Set<string>();
  const manifest = await wholeFile(join(folder, MANIFEST));
  await manifest.write(BYTE_ORDER_MARK + csvLines([COLUMNS]));
  try {
    for await (const codes of codePages(client, filter)) {
      const files = codes.map((code) => fileOf(code, taken, options.format));
      const results = await inParallel(atOnce, codes, async (code, index) => {
        const result = await draw(client, code, files[index] as string, options, progress);
        count[result] += 1;
        progress.update(count.drawn + count.kept + count.failed);
        return result;
      });
      const rows = codes.flatMap((code, index) =>
        results[index] === "failed"
          ? []
          : [[code.qrId, code.name, files[index], code.scanUrl, code.targetUrl]],
      );
      await manifest.write(csvLines(rows));
    }
  } catch (error) {
    await manifest.discard();
    throw error;
  }
  await manifest.keep();
  return count;
}

function fileOf(code: QrCode, taken: Set<string>, format: PictureFormat): string {
  const base = baseName(code, (lowerCase) => taken.has(lowerCase));
  taken.add(base.toLowerCase());
  return `${base}.${format}`;
}

async function draw(
  client: QrClient,
  { qrId }: QrCode,
  file: string,
  { folder, format, query, anew }: DrawOptions,
  progress: Progress,
): Promise<keyof Drawn> {
  const path = join(folder, file);
  if (!anew && existsSync(path)) return "kept";
  try {
    const picture = await client.picture(qrId, { ...query, format });
    await writeFile(`${path}.part`, picture);
    await rename(`${path}.part`, path);
    return "drawn";
  } catch (error) {
    // It was deleted meanwhile, or can't be drawn with these options, as with too large a logo.
    if (!(error instanceof QrServiceError) || ![400, 404, 422].includes(error.status)) throw error;
    progress.say(`${qrId}: ${explain(error)}`);
    return "failed";
  }
}

/** Maps in order, with so many at work at once. The first failure ends it, once those at work are done. */
async function inParallel<T, R>(
  atOnce: number,
  values: readonly T[],
  work: (value: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let hasFailed = false;
  const worker = async () => {
    while (next < values.length && !hasFailed) {
      const index = next++;
      try {
        results[index] = await work(values[index] as T, index);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  return results;
}

/** What a run did, in a line. */
export function drawnText({ drawn, kept, failed }: Drawn, folder: string): string {
  const parts = [
    `${numberText(drawn)} drawn`,
    ...(kept > 0 ? [`${numberText(kept)} there already`] : []),
    ...(failed > 0 ? [`${numberText(failed)} failed`] : []),
  ];
  return `${folder}: ${parts.join(", ")}; ${MANIFEST} lists them`;
}
