import type { ExportQuery } from "../../clients/typescript/src/schema.ts";
import { asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { messageOf } from "../parts/error-note.tsx";
import { save } from "../parts/save-file.ts";
import { say } from "../state/toasts.ts";

/** Downloads every code that a filter finds as one CSV file, however many pages it has. */
export async function exportCodes(filter: ExportQuery): Promise<void> {
  const parts: Blob[] = [];
  try {
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const query: ExportQuery = { ...filter, format: "csv", ...(cursor ? { cursor } : {}) };
      const { data, link } = await call("export", { query });
      parts.push(data as unknown as Blob);
      cursor = nextCursor(link);
    }
    save(new Blob(parts, { type: "text/csv" }), "codes.csv");
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
  }
}

/** The cursor of the page that a `Link` header (RFC 8288) calls the next. */
function nextCursor(link: string | null): string | undefined {
  const [, address = ""] = /<([^>]*)>;\s*rel="next"/.exec(link ?? "") ?? [];
  return new URLSearchParams(address.split("?")[1]).get("cursor") ?? undefined;
}
