import {
  type BulkInput,
  type BulkReport,
  type QrClient,
  QrServiceError,
} from "../../../clients/typescript/src/index.ts";
import { CODE_FIELDS } from "../../../core/code/fields.ts";

const { pattern: QR_ID } = CODE_FIELDS.qrId;

/** What is done to codes. */
export type Action = Omit<BulkInput, "select">;

/** What became of a code; `undone` is one that needed no change. */
export type Outcome = { result: "done" | "undone" } | { result: "failed"; reason: string };

/**
 * Does something to some codes by one call, and by further ones without those that were refused, which would keep the
 * others. Doing it again changes nothing more: a code that was deleted before counts as deleted.
 *
 * @param qrIds up to 10,000, each once
 */
export async function changeSlice(
  client: QrClient,
  qrIds: readonly string[],
  action: Action,
  dryRun: boolean,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const fail = (qrId: string, reason: string) => outcomes.set(qrId, { result: "failed", reason });
  for (const qrId of qrIds) if (!QR_ID.test(qrId)) fail(qrId, `an ID must match ${QR_ID.source}`);

  const query = dryRun ? ({ dryRun: "true" } as const) : {};
  let report: BulkReport | undefined;
  while (!report) {
    const ids = qrIds.filter((qrId) => !outcomes.has(qrId));
    if (ids.length === 0) return outcomes;
    try {
      report = await client.bulk({ select: { ids }, ...action }, query);
    } catch (error) {
      const refused = refusedCodes(error).filter(([qrId]) => !outcomes.has(qrId));
      if (refused.length === 0) throw error;
      for (const [qrId, reason] of refused) fail(qrId, reason);
    }
  }
  const { changed, unchanged, notFound } = report;
  const gone =
    action.delete && notFound.length > 0 ? await deletedAmong(client, notFound) : new Set<string>();
  for (const qrId of changed) outcomes.set(qrId, { result: "done" });
  for (const qrId of unchanged) outcomes.set(qrId, { result: "undone" });
  for (const qrId of notFound) {
    if (gone.has(qrId)) outcomes.set(qrId, { result: "undone" });
    else fail(qrId, `there is no code ${qrId} (404)`);
  }
  return outcomes;
}

/** The codes for which a call was refused, each with the reason; none if it was refused for another one. */
function refusedCodes(error: unknown): [qrId: string, reason: string][] {
  if (!(error instanceof QrServiceError)) return [];
  return (error.problem?.failures ?? []).flatMap(({ qrId, path, message }) =>
    qrId === undefined ? [] : [[qrId, `${path} ${message}`]],
  );
}

/** Which of the IDs are of codes that the tenant has deleted: they are what could be restored. */
async function deletedAmong(client: QrClient, ids: string[]): Promise<Set<string>> {
  const { changed } = await client.bulk({ select: { ids }, restore: true }, { dryRun: "true" });
  return new Set(changed);
}
