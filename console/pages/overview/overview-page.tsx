import { useState } from "preact/hooks";
import type { TenantStats } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { FiguresView } from "../../figures/figures-view.tsx";
import { type Period, PeriodChoice } from "../../figures/period.tsx";
import { ago, number, timeZone } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { ErrorNote } from "../../parts/error-note.tsx";
import { linkTo } from "../../state/router.ts";

/** How often it is read again: it sums up all codes. In milliseconds. */
const POLL_MS = 30_000;

/** The figures of all codes together. */
export function OverviewPage() {
  const { overview, figures, loading } = texts.value;
  const [days, setDays] = useState<Period>("30");
  const query = { days: Number(days), tz: timeZone() };
  const { data, error, refresh } = useLive("tenantStats", { query }, POLL_MS);
  return (
    <>
      <div class="page-head">
        <h1>{overview.title}</h1>
        <PeriodChoice value={days} choose={(chosen) => setDays(chosen)} />
      </div>
      {error && !data && <ErrorNote error={error} retry={refresh} />}
      {data ? (
        <div class="overview">
          <section class="card figures" aria-labelledby="all-scans">
            <h2 class="sr-only" id="all-scans">
              {figures.title}
            </h2>
            <FiguresView stats={data} />
          </section>
          <TopCodes stats={data} />
          <Unscanned stats={data} />
        </div>
      ) : (
        !error && <p class="loading">{loading}</p>
      )}
    </>
  );
}

function TopCodes({ stats: { topCodes } }: { stats: TenantStats }) {
  const { overview, figures } = texts.value;
  const most = Math.max(...topCodes.map(({ scans }) => scans), 1);
  return (
    <section class="card" aria-labelledby="top-codes">
      <h2 id="top-codes">{overview.top}</h2>
      {topCodes.length === 0 && <p class="muted">{figures.nothing}</p>}
      <ol class="bars plain-list">
        {topCodes.map(({ qrId, name, scans }) => (
          <li key={qrId}>
            <span class="bar" style={{ width: `${(scans / most) * 100}%` }} />
            <a class="bar-name" href={linkTo(["code", qrId])}>
              <bdi>{name ?? qrId}</bdi>
            </a>
            <span class="bar-count">{number(scans)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The service stops counting here. */
const MANY = 1_000;

function Unscanned({ stats: { unscannedCodes, unscannedCount } }: { stats: TenantStats }) {
  const { overview } = texts.value;
  const count = `${number(unscannedCount)}${unscannedCount >= MANY ? "+" : ""}`;
  return (
    <section class="card" aria-labelledby="unscanned">
      <h2 id="unscanned">{overview.unscanned(count)}</h2>
      {unscannedCount > 0 && <p class="muted small">{overview.unscannedHint}</p>}
      <ol class="bars plain-list">
        {unscannedCodes.map(({ qrId, name, createdAt }) => (
          <li key={qrId}>
            <a class="bar-name" href={linkTo(["code", qrId])}>
              <bdi>{name ?? qrId}</bdi>
            </a>
            <time class="bar-count" dateTime={createdAt}>
              {ago(createdAt)}
            </time>
          </li>
        ))}
      </ol>
    </section>
  );
}
