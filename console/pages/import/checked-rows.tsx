import { useState } from "preact/hooks";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { changeJob, forgetJob, job } from "../../import/job.ts";
import { rowsToSend, runImport } from "../../import/run-import.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { FaultyRow } from "./faulty-row.tsx";
import { useWork } from "./use-work.ts";

/** Rows that are shown at once: more is no help to somebody who mends them one by one. */
const SHOWN = 50;

/** What the check found, to be mended where it stands, and the way on. */
export function CheckedRows() {
  const { import: said } = texts.value;
  const { run, error } = useWork();
  const [shown, setShown] = useState(SHOWN);
  const [mended, setMended] = useState("");
  const { value: current } = job;
  if (!current) return null;
  const { errors } = current;
  const good = rowsToSend(current).length;
  const faulty = [...errors].slice(0, shown);
  const tell = (line: number) => {
    setMended(said.mended(number(line)));
    // The row is gone, and with it the place of whoever uses the keyboard.
    document.getElementById("checked")?.focus();
  };
  return (
    <>
      <section class="card stack" aria-labelledby="checked">
        <h2 id="checked" tabIndex={-1}>
          {said.checkedTitle}
        </h2>
        <p>
          {said.good(good, number(good))}
          {errors.size > 0 && ` ${said.faulty(errors.size, number(errors.size))}`}
        </p>
        <p class="small" role="status">
          {mended}
        </p>
        {error && <ErrorNote error={error} />}
        <div class="form-actions">
          <button
            type="button"
            class="button button-primary"
            disabled={good === 0}
            onClick={() => void run(runImport)}
          >
            {said.start(good, number(good))}
          </button>
          <button type="button" class="button" onClick={() => void changeJob({ step: "map" })}>
            {said.toColumns}
          </button>
          <button type="button" class="button button-quiet" onClick={() => void forgetJob()}>
            {said.otherFile}
          </button>
        </div>
      </section>
      {faulty.length > 0 && (
        <section class="stack" aria-labelledby="faulty">
          <h2 id="faulty">{said.toMend}</h2>
          <ul class="stack">
            {faulty.map(([index, found]) => (
              <FaultyRow key={index} index={index} errors={found} mended={tell} />
            ))}
          </ul>
          {errors.size > shown && (
            <button type="button" class="button" onClick={() => setShown(shown + SHOWN)}>
              {said.more(number(errors.size - shown))}
            </button>
          )}
        </section>
      )}
    </>
  );
}
