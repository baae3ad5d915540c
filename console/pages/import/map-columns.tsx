import { fieldLabel } from "../../codes/show-value.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { checkAll } from "../../import/check-rows.ts";
import { IMPORT_FIELDS, type ImportField } from "../../import/fields.ts";
import { changeJob, forgetJob, type Job, job } from "../../import/job.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Segments } from "../../parts/segments.tsx";
import { Bar } from "./bar.tsx";
import { useWork } from "./use-work.ts";

/** What each column holds, guessed from its header, and what becomes of IDs that are there already. */
export function MapColumns() {
  const { import: said } = texts.value;
  const { run, error } = useWork();
  const { value: current } = job;
  if (!current) return null;
  const { fileName, rows, header, fields, onConflict, step, checked } = current;
  const isChecking = step === "checking";
  const hasFields = fields.some((field) => field === "targetUrl" || field === "qrId");
  return (
    <section class="card stack" aria-labelledby="columns">
      <h2 id="columns">{said.columns}</h2>
      <p class="muted">{said.file(fileName, number(rows.length))}</p>
      <ul class="file-columns">
        {header.map((name, column) => (
          <Column key={`${column}`} job={current} column={column} name={name} isLocked={isChecking} />
        ))}
      </ul>
      {!hasFields && <p class="notice">{said.needsTarget}</p>}
      {fields.includes("qrId") && (
        <Segments
          legend={said.onConflict}
          value={onConflict}
          of={[
            ["fail", said.conflicts.fail],
            ["update", said.conflicts.update],
            ["skip", said.conflicts.skip],
          ]}
          choose={(chosen) => void changeJob({ onConflict: chosen })}
        />
      )}
      {isChecking && <Bar label={said.checking} value={checked} max={rows.length} />}
      {error && <ErrorNote error={error} retry={() => void run(checkAll)} />}
      <div class="form-actions">
        <button
          type="button"
          class="button button-primary"
          disabled={isChecking || !hasFields}
          onClick={() => void run(checkAll)}
        >
          {said.check}
        </button>
        <button type="button" class="button button-quiet" onClick={() => void forgetJob()}>
          {said.otherFile}
        </button>
      </div>
      <p class="muted small">{said.checkHint}</p>
    </section>
  );
}

interface ColumnProps {
  job: Job;
  column: number;
  name: string;
  isLocked: boolean;
}

/** A column with its first filled cell, and the field that it holds. A field has one column. */
function Column({ job: { rows, fields }, column, name, isLocked }: ColumnProps) {
  const { import: said } = texts.value;
  const title = name || said.column(column + 1);
  const example = rows.find(({ cells }) => cells[column]?.trim())?.cells[column] ?? "";
  const choose = (chosen: ImportField | "") =>
    changeJob({
      fields: fields.map((field, other) => (other === column ? chosen : field === chosen ? "" : field)),
    });
  return (
    <li class="file-column">
      <div class="file-column-text">
        <bdi class="row-title">{title}</bdi>
        <bdi class="muted small">{example}</bdi>
      </div>
      <select
        class="input"
        aria-label={said.holds(title)}
        disabled={isLocked}
        value={fields[column] ?? ""}
        onChange={(event) => void choose(event.currentTarget.value as ImportField | "")}
      >
        <option value="">{said.leftOut}</option>
        {IMPORT_FIELDS.map((field) => (
          <option key={field} value={field}>
            {importLabel(field)}
          </option>
        ))}
      </select>
    </li>
  );
}

/** What people call a field of a row. */
export function importLabel(field: string): string {
  const { fields } = texts.value.import;
  return (fields as Record<string, string>)[field] ?? fieldLabel(field);
}
