import { useState } from "preact/hooks";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { mendRow } from "../../import/check-rows.ts";
import { IMPORT_FIELDS, type ImportField } from "../../import/fields.ts";
import { job, type RowError } from "../../import/job.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { TextField } from "../../parts/field.tsx";
import { importLabel } from "./map-columns.tsx";
import { useWork } from "./use-work.ts";

interface FaultyRowProps {
  index: number;
  errors: RowError[];
  /** Told its line once nothing is wrong with it. */
  mended(line: number): void;
}

/** A row with what is wrong with it; the fields in question can be changed, and are checked again. */
export function FaultyRow({ index, errors, mended }: FaultyRowProps) {
  const { import: said } = texts.value;
  const { run, error, isBusy } = useWork();
  const [typed, setTyped] = useState<Partial<Record<ImportField, string>>>({});
  const { value: current } = job;
  const row = current?.rows[index];
  if (!current || !row) return null;
  const fields = [...new Set(errors.flatMap(({ path }) => fieldOf(path) ?? []))];
  const others = errors.filter(({ path }) => !fieldOf(path));
  // What is seen is what is sent: an input has one line.
  const cellOf = (field: ImportField) =>
    typed[field] ?? (row.cells[current.fields.indexOf(field)] ?? "").replace(/[\r\n]+/g, " ");
  const check = async () => {
    await mendRow(index, Object.fromEntries(fields.map((field) => [field, cellOf(field)])));
    if (job.value && !job.value.errors.has(index)) mended(row.line);
  };
  const title = said.line(number(row.line));
  const about = row.cells.find((_cell, column) => current.fields[column] === "name");
  return (
    <li>
      <form
        class="card stack faulty"
        noValidate
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          void run(check);
        }}
      >
        <h3>
          {title}
          {about && <bdi class="muted"> {about}</bdi>}
        </h3>
        {others.map(({ path, message }) => (
          <p class="field-error" key={path + message}>
            {path === "row" ? message : `${path} ${message}`}
          </p>
        ))}
        {fields.map((field) => (
          <TextField
            key={field}
            label={importLabel(field)}
            error={messagesOf(errors, field)}
            type={field === "targetUrl" || field === "fallbackUrl" ? "url" : "text"}
            value={cellOf(field)}
            change={(value) => setTyped({ ...typed, [field]: value })}
          />
        ))}
        {error && <ErrorNote error={error} />}
        <div class="form-actions">
          <button type="submit" class="button" disabled={isBusy}>
            {said.checkRow}
          </button>
        </div>
      </form>
    </li>
  );
}

const messagesOf = (errors: RowError[], field: ImportField) =>
  errors
    .filter(({ path }) => fieldOf(path) === field)
    .map(({ message }) => message)
    .join("; ");

/** The field that a failure is about: of `tags[2]` it is `tags`. */
function fieldOf(path: string): ImportField | undefined {
  const [name] = path.split(/[.[]/);
  return IMPORT_FIELDS.find((field) => field === name);
}
