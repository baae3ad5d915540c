import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { DailyScans } from "../../clients/typescript/src/schema.ts";
import { day, number } from "../i18n/format.ts";
import { language, texts } from "../i18n/language.ts";
import { theme } from "../state/theme.ts";

const HEIGHT = 220;

/** Scans and visitors by day: a curve to zoom into, and the same as a table. */
export function DailyChart({ daily }: { daily: DailyScans[] }) {
  const { figures } = texts.value;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const [isZoomed, setZoomed] = useState(false);
  const data = dataOf(daily);
  const shape = `${language.value} ${theme.value} ${daily.length}`;
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const drawn = new uPlot(optionsOf(element, setZoomed), dataOf(daily), element);
    chart.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const redraw = () => drawn.redraw(false);
    dark.addEventListener("change", redraw);
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", redraw);
      drawn.destroy();
      setZoomed(false);
    };
  }, [shape]);
  useEffect(() => chart.current?.setData(data, !isZoomed), [JSON.stringify(data)]);
  return (
    <figure class="daily">
      <figcaption>
        <h3>{figures.byDay}</h3>
        <span class="legend legend-scans">{figures.scans}</span>
        <span class="legend legend-visitors">{figures.visitors}</span>
        <span class="muted small daily-hint">{figures.zoomHint}</span>
        {isZoomed && (
          <button
            type="button"
            class="button button-small"
            onClick={() => chart.current?.setData(data, true)}
          >
            {figures.resetZoom}
          </button>
        )}
      </figcaption>
      <div class="chart" ref={place} aria-hidden="true" />
      <details class="small">
        <summary>{figures.asTable}</summary>
        {/* It scrolls, and so do those who have no mouse. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as above */}
        <section class="table-scroll" tabIndex={0} aria-label={figures.byDay}>
          <table>
            <thead>
              <tr>
                <th scope="col">{figures.day}</th>
                <th scope="col">{figures.scans}</th>
                <th scope="col">{figures.visitors}</th>
              </tr>
            </thead>
            <tbody>
              {daily.toReversed().map(({ date, scans, unique }) => (
                <tr key={date}>
                  <th scope="row">{day(date)}</th>
                  <td>{number(scans)}</td>
                  <td>{number(unique)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

function dataOf(daily: DailyScans[]): uPlot.AlignedData {
  return [
    daily.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / 1_000),
    daily.map(({ scans }) => scans),
    daily.map(({ unique }) => unique),
  ];
}

function optionsOf(element: HTMLElement, setZoomed: (isZoomed: boolean) => void): uPlot.Options {
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const short = new Intl.DateTimeFormat(language.value, { day: "numeric", month: "short", timeZone: "UTC" });
  const line = { stroke: color("--line"), width: 1 };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    // Days are UTC's: shown in local time they would seem to begin the evening before.
    tzDate: (timestamp) => uPlot.tzDate(new Date(timestamp * 1_000), "Etc/UTC"),
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 8 } },
    scales: { x: { time: true }, y: { range: (_chart, _least, most) => [0, Math.max(most * 1.1, 4)] } },
    axes: [
      {
        stroke: color("--muted"),
        grid: { show: false },
        ticks: line,
        values: (_chart, splits) => splits.map((at) => short.format(at * 1_000)),
        space: 72,
        incrs: [1, 2, 7, 14, 30, 60, 90].map((days) => days * 86_400),
      },
      {
        stroke: color("--muted"),
        grid: line,
        ticks: { show: false },
        values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? number(value) : "")),
        size: 56,
      },
    ],
    series: [
      {},
      { stroke: color("--accent"), fill: color("--accent-fill"), width: 2, points: { show: false } },
      { stroke: color("--second"), width: 1.5, dash: [4, 3], points: { show: false } },
    ],
    hooks: {
      setScale: [
        ({ scales, data }, name) => {
          if (name !== "x") return;
          const [days] = data;
          setZoomed((scales.x?.min ?? 0) > (days[0] ?? 0) || (scales.x?.max ?? 0) < (days.at(-1) ?? 0));
        },
      ],
    },
  };
}
