import { useEffect, useState } from "preact/hooks";
import { may, session } from "../../auth/session.ts";
import { texts } from "../../i18n/language.ts";
import { job, loadJob } from "../../import/job.ts";
import { CheckedRows } from "./checked-rows.tsx";
import { ChooseFile } from "./choose-file.tsx";
import { Imported } from "./imported.tsx";
import { Importing } from "./importing.tsx";
import { MapColumns } from "./map-columns.tsx";

/** Brings a spreadsheet in: a file, what its columns hold, what is wrong with its rows, and the import itself. */
export function ImportPage() {
  const { import: said, account, code, loading } = texts.value;
  const tenant = session.value?.tenant ?? "";
  const [isLoaded, setLoaded] = useState(false);
  useEffect(() => {
    void loadJob(tenant).finally(() => setLoaded(true));
  }, [tenant]);
  const step = job.value?.tenant === tenant ? job.value.step : "choose";
  return (
    <div class="import-page">
      <a class="back" href="#/codes">
        {code.back}
      </a>
      <div class="page-head">
        <h1>{said.title}</h1>
      </div>
      {!may("qr:write") ? (
        <p>{account.readOnly}</p>
      ) : !isLoaded ? (
        <p class="loading">{loading}</p>
      ) : (
        <div class="stack">
          {step === "choose" && <ChooseFile tenant={tenant} />}
          {(step === "map" || step === "checking") && <MapColumns />}
          {step === "checked" && <CheckedRows />}
          {step === "importing" && <Importing />}
          {step === "done" && <Imported />}
        </div>
      )}
    </div>
  );
}
