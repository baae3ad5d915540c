import type { ScanStats, TenantStats } from "../../clients/typescript/src/schema.ts";
import { ago, country, moment } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";
import { LiveNumber } from "../parts/live-number.tsx";
import { Bars } from "./bars.tsx";
import { DailyChart } from "./daily-chart.tsx";
import { Hours } from "./hours.tsx";

/** The figures of one code, or of all: totals, the curve by day, the hours, and whence the scans came. */
export function FiguresView({ stats }: { stats: ScanStats | TenantStats }) {
  const { figures } = texts.value;
  const { scans, today, uniqueVisitors, lastScannedAt, bots, daily } = stats;
  const hasScans = daily.some((day) => day.scans > 0);
  return (
    <>
      <dl class="tiles">
        <Tile label={figures.total} value={scans} isMain />
        <Tile label={figures.today} value={today} />
        <Tile label={figures.visitors} value={uniqueVisitors} hint={figures.visitorsHint} />
        <div class="tile">
          <dt>{figures.lastScan}</dt>
          <dd class="tile-text" title={lastScannedAt ? moment(lastScannedAt) : undefined}>
            {lastScannedAt ? ago(lastScannedAt) : figures.never}
          </dd>
        </div>
        <Tile label={figures.bots} value={bots} />
      </dl>
      {"source" in stats && stats.source === "postgres" && <p class="notice">{figures.persisted}</p>}
      {hasScans ? (
        <>
          <DailyChart daily={daily} />
          <div class="breakdowns">
            <Hours hourly={stats.hourly} />
            <Bars title={figures.countries} values={stats.countries} nameOf={country} />
            <Bars title={figures.devices} values={stats.devices} nameOf={kind} />
            <Bars title={figures.browsers} values={stats.browsers} nameOf={kind} />
            <Bars title={figures.referrers} values={stats.referrers} />
          </div>
        </>
      ) : (
        <p class="figures-empty muted">{figures.empty}</p>
      )}
    </>
  );
}

/** What people call a kind of device; a browser's name is its own. */
const kind = (value: string) => texts.value.figures.kinds[value] ?? value;

interface TileProps {
  label: string;
  value: number;
  hint?: string;
  isMain?: boolean;
}

function Tile({ label, value, hint, isMain }: TileProps) {
  return (
    <div class={isMain ? "tile tile-main" : "tile"} title={hint}>
      <dt>{label}</dt>
      <dd>
        <LiveNumber value={value} />
      </dd>
    </div>
  );
}
