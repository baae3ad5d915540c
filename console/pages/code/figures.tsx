import { useState } from "preact/hooks";
import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { FiguresView } from "../../figures/figures-view.tsx";
import { type Period, PeriodChoice } from "../../figures/period.tsx";
import { timeZone } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";

/** A code's scans: how many, when, and whence. */
export function Figures({ code }: { code: QrCode }) {
  const [days, setDays] = useState<Period>("30");
  const query = { days: Number(days), tz: timeZone() };
  const { data, error, refresh } = useLive("stats", { params: { qrId: code.qrId }, query });
  return (
    <section class="card figures" aria-labelledby="figures">
      <div class="card-head">
        <h2 id="figures">{texts.value.figures.title}</h2>
        <PeriodChoice value={days} choose={(chosen) => setDays(chosen)} />
      </div>
      {error && !data && <ErrorNote error={error} retry={refresh} />}
      {data ? <FiguresView stats={data} /> : !error && <p class="loading">{texts.value.loading}</p>}
    </section>
  );
}
