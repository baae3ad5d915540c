import { useState } from "preact/hooks";
import { texts } from "../../i18n/language.ts";
import { forgetJob, job } from "../../import/job.ts";
import { isRunning, rowsToSend, runImport, stopImport } from "../../import/run-import.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { Bar } from "./bar.tsx";
import { useWork } from "./use-work.ts";

/** An import under way, or stopped: by its button, a lost connection or a closed tab. */
export function Importing() {
  const { import: said } = texts.value;
  const { run, error } = useWork();
  const [isElsewhere, setElsewhere] = useState(false);
  const { value: current } = job;
  if (!current) return null;
  const goOn = () => void run(async () => setElsewhere(!(await runImport())));
  return (
    <section class="card stack" aria-labelledby="importing">
      <h2 id="importing">{isRunning.value ? said.importing : said.stopped}</h2>
      <Bar label={current.fileName} value={current.sentRows} max={rowsToSend(current).length} />
      <p class="muted">{isRunning.value ? said.importingText : said.stoppedText}</p>
      {isElsewhere && (
        <p class="notice" role="alert">
          {said.elsewhere}
        </p>
      )}
      {error && <ErrorNote error={error} />}
      <div class="form-actions">
        {isRunning.value ? (
          <button type="button" class="button" onClick={stopImport}>
            {said.stop}
          </button>
        ) : (
          <>
            <button type="button" class="button button-primary" onClick={goOn}>
              {said.goOn}
            </button>
            <button type="button" class="button button-quiet" onClick={() => void forgetJob()}>
              {said.discard}
            </button>
          </>
        )}
      </div>
    </section>
  );
}
