import { texts } from "../i18n/language.ts";
import { Segments } from "../parts/segments.tsx";

const PERIODS = ["7", "30", "90", "365"] as const;
export type Period = (typeof PERIODS)[number];

/** How far back the figures go, in days. */
export function PeriodChoice({ value, choose }: { value: Period; choose(period: Period): void }) {
  const { figures } = texts.value;
  return (
    <Segments
      legend={figures.period}
      hidesLegend
      value={value}
      of={PERIODS.map((period) => [period, figures.days(Number(period))] as const)}
      choose={choose}
    />
  );
}
