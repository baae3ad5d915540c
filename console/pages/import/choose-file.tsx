import { useState } from "preact/hooks";
import { texts } from "../../i18n/language.ts";
import { openJob } from "../../import/job.ts";
import { readFile, UnreadableFile } from "../../import/read-file.ts";
import { Icon } from "../../parts/icon.tsx";

/** Takes a file, dropped or chosen. */
export function ChooseFile({ tenant }: { tenant: string }) {
  const { import: said } = texts.value;
  const [isOver, setOver] = useState(false);
  const [error, setError] = useState("");
  const open = async (file: File | undefined) => {
    if (!file) return;
    try {
      const content = await readFile(file);
      await openJob(tenant, file.name, content);
    } catch (failed) {
      if (!(failed instanceof UnreadableFile)) throw failed;
      setError(failed.message === "" ? said.noRows : said.unreadable(failed.line, failed.message));
    }
  };
  return (
    <section class="stack" aria-label={said.choose}>
      <p class="muted page-text">{said.text}</p>
      <label
        class={isOver ? "drop drop-over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void open(event.dataTransfer?.files[0]);
        }}
      >
        <Icon name="upload" />
        <span class="drop-title">{said.choose}</span>
        <span class="muted small">{said.chooseHint}</span>
        <input
          class="drop-input"
          type="file"
          accept=".csv,.tsv,.txt,text/csv"
          aria-label={said.choose}
          onChange={(event) => void open(event.currentTarget.files?.[0])}
        />
      </label>
      {error && (
        <p class="notice notice-bad" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}
