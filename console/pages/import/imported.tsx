import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { forgetJob, job, RESULTS } from "../../import/job.ts";
import { takeRest } from "../../import/run-import.ts";

/** What became of the file. */
export function Imported() {
  const { import: said } = texts.value;
  const { value: current } = job;
  if (!current) return null;
  const { counts, errors, failed, fileName } = current;
  const left = errors.size + failed.size;
  return (
    <section class="card stack" aria-labelledby="imported">
      <h2 id="imported">{said.doneTitle}</h2>
      <p class="muted" role="status">
        {fileName}
      </p>
      <dl class="results">
        {RESULTS.map((result) => (
          <div key={result}>
            <dt>{said.results[result]}</dt>
            <dd>{number(counts[result])}</dd>
          </div>
        ))}
        <div>
          <dt>{said.results.failed}</dt>
          <dd>{number(left)}</dd>
        </div>
      </dl>
      <div class="form-actions">
        {left > 0 && (
          <button type="button" class="button button-primary" onClick={() => void takeRest()}>
            {said.mendRest(left, number(left))}
          </button>
        )}
        <a class={left > 0 ? "button" : "button button-primary"} href="#/codes">
          {said.toCodes}
        </a>
        <button type="button" class="button button-quiet" onClick={() => void forgetJob()}>
          {said.otherFile}
        </button>
      </div>
    </section>
  );
}
