import { signal } from "@preact/signals";
import { refreshReads } from "../api/live.ts";
import { chunksOf } from "./chunks.ts";
import { atBeginning, type Counts, changeJob, type Job, job, loadJob, RESULTS } from "./job.ts";
import { sendChunk } from "./send-chunk.ts";

/** Whether this tab sends at the moment. */
export const isRunning = signal(false);

let isStopped = false;

/**
 * Imports the rows that are good, from where it was stopped. A part whose reply was lost is sent again under its key, which
 * follows from it: the service does its work once.
 *
 * @returns `false` if another tab is at it
 * @throws ApiError
 */
export async function runImport(): Promise<boolean> {
  const { tenant } = job.value ?? {};
  if (tenant === undefined || isRunning.value) return true;
  return navigator.locks.request(`import/${tenant}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    isStopped = false;
    isRunning.value = true;
    try {
      if (job.value?.step === "importing") await reload(tenant);
      else await changeJob({ step: "importing" });
      await sendRest();
    } finally {
      isRunning.value = false;
      refreshReads("list");
    }
    return true;
  });
}

export function stopImport(): void {
  isStopped = true;
}

/** Begins anew with the rows that were not imported. */
export async function takeRest(): Promise<void> {
  const { value: done } = job;
  if (!done) return;
  const rest = [...new Map([...done.errors, ...done.failed])].sort(([one], [other]) => one - other);
  const rows = rest.flatMap(([index]) => done.rows[index] ?? []);
  const errors = new Map(rest.map(([, each], index) => [index, each]));
  await changeJob({ ...atBeginning(), step: "checked", rows, errors });
}

/** Another tab may have come further. */
async function reload(tenant: string): Promise<void> {
  job.value = undefined;
  await loadJob(tenant);
}

async function sendRest(): Promise<void> {
  const { value: current } = job;
  if (current?.step !== "importing") return;
  const wanted = rowsToSend(current);
  const chunks = chunksOf(current.rows, current.fields, wanted);
  for (let { sent } = current; sent < chunks.length && !isStopped; sent++) {
    const chunk = chunks[sent];
    if (!chunk) break;
    const { report, failed } = await sendChunk(current, chunk, {
      key: await keyOf(current.id, sent, chunk.csv),
    });
    const { value: now } = job;
    // Discarded meanwhile.
    if (now?.id !== current.id) return;
    await changeJob({
      sent: sent + 1,
      sentRows: now.sentRows + chunk.rowAt.size,
      counts: sum(now.counts, report),
      failed: new Map([...now.failed, ...failed]),
      ...(sent + 1 === chunks.length ? { step: "done" as const } : {}),
    });
  }
}

/** Indices of the rows that the check found nothing wrong with. */
export function rowsToSend({ rows, errors }: Job): number[] {
  return rows.flatMap((_row, index) => (errors.has(index) ? [] : [index]));
}

function sum(counts: Counts, more: Counts): Counts {
  return Object.fromEntries(RESULTS.map((name) => [name, counts[name] + more[name]])) as Counts;
}

async function keyOf(id: string, part: number, csv: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${id}\n${part}\n${csv}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `import-${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
