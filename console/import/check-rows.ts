import { texts } from "../i18n/language.ts";
import { chunksOf } from "./chunks.ts";
import type { ImportField } from "./fields.ts";
import { changeJob, type Job, job, type RowError } from "./job.ts";
import { sendChunk } from "./send-chunk.ts";

/** Checks every row, and changes nothing. @throws ApiError */
export async function checkAll(): Promise<void> {
  const { value: current } = job;
  if (!current) return;
  await changeJob({ step: "checking", checked: 0, errors: new Map() });
  try {
    const errors = duplicatesIn(current);
    const wanted = current.rows.flatMap((_row, index) => (errors.has(index) ? [] : [index]));
    for (const [index, found] of await errorsOf(current, wanted)) errors.set(index, found);
    if (job.value?.id === current.id) await changeJob({ step: "checked", errors: inOrder(errors) });
  } catch (error) {
    if (job.value?.id === current.id) await changeJob({ step: "map" });
    throw error;
  }
}

/** Changes cells of a row and checks it again, with those that were like it before. @throws ApiError */
export async function mendRow(row: number, values: Partial<Record<ImportField, string>>): Promise<void> {
  const { value: before } = job;
  if (!before) return;
  const changed = withCells(before, row, values);
  const [was, is] = [duplicatesIn(before), duplicatesIn(changed)];
  const wanted = [...new Set([row, ...was.keys()])].filter((index) => !is.has(index));
  const found = await errorsOf(changed, wanted);
  const errors = new Map([...before.errors].filter(([index]) => !wanted.includes(index) && !was.has(index)));
  for (const [index, each] of [...is, ...found]) errors.set(index, each);
  const { header, fields, rows } = changed;
  await changeJob({ header, fields, rows, errors: inOrder(errors) });
}

/** In the order of the file. */
function inOrder(errors: Map<number, RowError[]>): Map<number, RowError[]> {
  return new Map([...errors].sort(([one], [other]) => one - other));
}

function withCells(before: Job, row: number, values: Partial<Record<ImportField, string>>): Job {
  const fields = [...before.fields];
  const header = [...before.header];
  const cells = [...(before.rows[row]?.cells ?? [])];
  for (const [field, value] of Object.entries(values) as [ImportField, string][]) {
    if (!fields.includes(field)) {
      fields.push(field);
      header.push(field);
    }
    const column = fields.indexOf(field);
    while (cells.length < column) cells.push("");
    cells[column] = value;
  }
  const rows = before.rows.map((each, index) => (index === row ? { ...each, cells } : each));
  return { ...before, header, fields, rows };
}

/** What is wrong with rows by the service's own check, in their order. */
async function errorsOf(current: Job, wanted: readonly number[]): Promise<Map<number, RowError[]>> {
  const errors = new Map<number, RowError[]>();
  let checked = 0;
  for (const chunk of chunksOf(current.rows, current.fields, wanted)) {
    const { failed } = await sendChunk(current, chunk, { dryRun: "true" });
    for (const [index, each] of failed) errors.set(index, each);
    checked += chunk.rowAt.size;
    if (job.value?.step === "checking") job.value = { ...job.value, checked };
  }
  return errors;
}

/** IDs that come twice in the file, which goes to the service in parts: the later one is the one that fails. */
function duplicatesIn({ rows, fields }: Job): Map<number, RowError[]> {
  const column = fields.indexOf("qrId");
  const first = new Map<string, number>();
  const found = new Map<number, RowError[]>();
  if (column < 0) return found;
  for (const [index, { line, cells }] of rows.entries()) {
    const id = cells[column]?.trim() ?? "";
    const other = first.get(id);
    if (id === "") continue;
    if (other === undefined) first.set(id, line);
    else found.set(index, [{ path: "qrId", message: texts.value.import.isAlso(other) }]);
  }
  return found;
}
