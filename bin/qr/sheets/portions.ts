import { MAX_CODES, MAX_LABELS } from "../../../core/sheet/limits.ts";

/**
 * As many codes as fill whole pages, so that no label is left empty before the last file; as many as may be where they can't.
 *
 * @param perPage labels of a page
 */
export function codesPerFile(perPage: number, copies: number): number {
  const most = Math.max(1, Math.min(MAX_CODES, Math.floor(MAX_LABELS / copies)));
  for (let codes = most; codes > 0; codes--) if ((codes * copies) % perPage === 0) return codes;
  return most;
}

/** The IDs of pages of codes, so many at a time. */
export async function* portions(
  pages: AsyncIterable<readonly { qrId: string }[]>,
  size: number,
): AsyncGenerator<string[]> {
  let waiting: string[] = [];
  for await (const page of pages) {
    waiting.push(...page.map(({ qrId }) => qrId));
    while (waiting.length >= size) {
      yield waiting.slice(0, size);
      waiting = waiting.slice(size);
    }
  }
  if (waiting.length > 0) yield waiting;
}
