import { signal } from "@preact/signals";
import type { ImportQuery } from "../../clients/typescript/src/schema.ts";
import { forget, keep, kept } from "../state/kept-import.ts";
import { guessedFields, type ImportField } from "./fields.ts";
import type { FileContent, FileRow } from "./read-file.ts";

export interface RowError {
  /** The field as the service calls it; `row` for the row as a whole. */
  path: string;
  message: string;
}

export const RESULTS = ["created", "updated", "unchanged", "skipped"] as const;
export type Counts = Record<(typeof RESULTS)[number], number>;
export const NO_COUNTS: Counts = { created: 0, updated: 0, unchanged: 0, skipped: 0 };

/** How far an import is, beside its rows. */
export interface JobState {
  id: string;
  tenant: string;
  fileName: string;
  header: string[];
  /** What each column holds; empty where it is left out. */
  fields: (ImportField | "")[];
  onConflict: NonNullable<ImportQuery["onConflict"]>;
  step: "map" | "checking" | "checked" | "importing" | "done";
  /** Rows that were checked in this pass. */
  checked: number;
  /** What the check found, by a row's index. They are not sent. */
  errors: Map<number, RowError[]>;
  /** Chunks that are imported. */
  sent: number;
  /** Rows in them. */
  sentRows: number;
  counts: Counts;
  /** What the import itself refused, by a row's index. */
  failed: Map<number, RowError[]>;
}

export interface Job extends JobState {
  rows: FileRow[];
}

/** The import that is looked at; it goes on while other pages are. */
export const job = signal<Job | undefined>(undefined);

const stateKey = (tenant: string) => `${tenant}/state`;
const rowsKey = (tenant: string) => `${tenant}/rows`;

/** What was kept of a tenant's import, if it has one. A check that was cut off begins anew. */
export async function loadJob(tenant: string): Promise<void> {
  if (job.value?.tenant === tenant) return;
  const [state, rows] = await Promise.all([
    kept<JobState>(stateKey(tenant)),
    kept<FileRow[]>(rowsKey(tenant)),
  ]);
  job.value =
    state && rows ? { ...state, rows, step: state.step === "checking" ? "map" : state.step } : undefined;
}

export async function openJob(
  tenant: string,
  fileName: string,
  { header, rows }: FileContent,
): Promise<void> {
  await putJob({
    ...atBeginning(),
    tenant,
    fileName,
    header,
    fields: guessedFields(header),
    onConflict: "fail",
    step: "map",
    rows,
  });
}

/** @returns what an import begins with; its ID makes its requests different from those of any other */
export function atBeginning() {
  return {
    id: crypto.randomUUID(),
    checked: 0,
    errors: new Map<number, RowError[]>(),
    sent: 0,
    sentRows: 0,
    counts: NO_COUNTS,
    failed: new Map<number, RowError[]>(),
  };
}

export async function changeJob(change: Partial<Job>): Promise<void> {
  if (job.value) await putJob({ ...job.value, ...change });
}

async function putJob(next: Job): Promise<void> {
  const before = job.value;
  job.value = next;
  const { rows, ...state } = next;
  if (before?.rows !== rows) await keep(rowsKey(next.tenant), rows);
  await keep(stateKey(next.tenant), state);
}

export async function forgetJob(): Promise<void> {
  const { tenant } = job.value ?? {};
  job.value = undefined;
  if (tenant) await forget(stateKey(tenant), rowsKey(tenant));
}
