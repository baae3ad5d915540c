import type { Growth } from "./benchmarks/scale/growth.ts";
import { exponentText, figure } from "./table.ts";

const WIDTH = 660;
const HEIGHT = 320;
const MARGIN = { left: 56, right: 252, top: 36, bottom: 44 };

/** Told apart by anyone, on white and on black (Okabe and Ito, https://jfly.uni-koeln.de/color/). */
const COLORS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#7f7f7f",
  "#9467bd",
  "#000000",
];

/** Curves over logarithmic axes as an SVG document: a power law is a straight line, a constant a level one. */
export function chart({ x, unit, curves }: Growth): string {
  const points = curves.flatMap((curve) => curve.points);
  const across = scaleOf(
    points.map((point) => point.x),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const up = scaleOf(
    points.map((point) => point.y),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const lines = curves.map((curve, index) => {
    const color = COLORS[index % COLORS.length];
    const path = curve.points.map((point) => `${across.at(point.x)},${up.at(point.y)}`).join(" ");
    const y = MARGIN.top + index * 20;
    const left = WIDTH - MARGIN.right + 16;
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>
<line x1="${left}" x2="${left + 16}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="2"/>
<text x="${left + 22}" y="${y + 4}">${curve.title}: x^${exponentText(curve.exponent)}</text>`;
  });
  const verticals = across.powers.map(
    (
      power,
    ) => `<line x1="${across.at(power)}" x2="${across.at(power)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" class="grid"/>
<text x="${across.at(power)}" y="${HEIGHT - MARGIN.bottom + 16}" text-anchor="middle">${short(power)}</text>`,
  );
  const levels = up.powers.map(
    (
      power,
    ) => `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${up.at(power)}" y2="${up.at(power)}" class="grid"/>
<text x="${MARGIN.left - 6}" y="${up.at(power) + 4}" text-anchor="end">${figure(power)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">
<style>svg { background: #fff } text { font: 11px system-ui, sans-serif; fill: #333 } .grid { stroke: #ddd }</style>
${[...verticals, ...levels, ...lines].join("\n")}
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${x}</text>
<text x="${MARGIN.left}" y="${MARGIN.top - 14}" text-anchor="middle">${unit}</text>
</svg>
`;
}

/** Maps values to pixels by their logarithms, over whole powers of ten. */
function scaleOf(values: number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    powers: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value: number) => Math.round(from + ((Math.log10(value) - low) / (high - low)) * (to - from)),
  };
}

function short(power: number): string {
  return new Intl.NumberFormat("en-US", { notation: "compact" }).format(power);
}
