import type { ImportQuery, ImportReport } from "../../clients/typescript/src/schema.ts";
import { call } from "../api/call.ts";
import { session } from "../auth/session.ts";
import { texts } from "../i18n/language.ts";
import type { Chunk } from "./chunks.ts";
import type { Job, RowError } from "./job.ts";

export interface ChunkReply {
  report: ImportReport;
  /** What is wrong with rows, by their index. */
  failed: Map<number, RowError[]>;
}

/** Sends some rows, of which the good ones are imported unless it is a dry run. @throws ApiError */
export async function sendChunk(
  { tenant, onConflict }: Job,
  { csv, rowAt }: Chunk,
  { dryRun, key }: Pick<ImportQuery, "dryRun"> & { key?: string },
): Promise<ChunkReply> {
  const { data: report } = await call("import", {
    query: { mode: "partial", onConflict, ...(dryRun ? { dryRun } : {}) },
    file: new Blob([csv], { type: "text/csv" }),
    headers: {
      ...(key ? { "idempotency-key": key } : {}),
      // The tenant that the file was opened for, whichever is looked at by now.
      ...((session.value?.tenants.length ?? 0) > 1 ? { "x-tenant-id": tenant } : {}),
    },
  });
  return { report, failed: failedRows(report, rowAt) };
}

/** A reply names a limited number of failures: what it does not name at all has failed, too. */
function failedRows({ codes, failures }: ImportReport, rowAt: Chunk["rowAt"]): Map<number, RowError[]> {
  const good = new Set(codes.map(({ line }) => line));
  const byLine = Map.groupBy(failures, ({ line }) => line);
  const failed = new Map<number, RowError[]>();
  for (const [line, index] of rowAt) {
    const named = byLine.get(line)?.map(({ path, message }) => ({ path, message }));
    if (named) failed.set(index, named);
    else if (!good.has(line)) failed.set(index, [{ path: "row", message: texts.value.import.unnamed }]);
  }
  return failed;
}
