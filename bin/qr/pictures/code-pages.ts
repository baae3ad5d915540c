import type { QrClient, QrCode } from "../../../clients/typescript/src/index.ts";
import type { CodeFilter } from "../parts/filter-options.ts";

/** Codes that are held at once. */
const PAGE = 1_000;

/** All codes that the filter chooses, newest first, by pages. */
export async function* codePages(client: QrClient, filter: CodeFilter): AsyncGenerator<QrCode[]> {
  const utf8 = new TextDecoder();
  for await (const page of client.export({ ...filter, format: "ndjson", limit: PAGE })) {
    const lines = utf8.decode(page).split("\n").filter(Boolean);
    yield lines.map((line) => JSON.parse(line) as QrCode);
  }
}
