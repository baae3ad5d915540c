import { texts } from "../../i18n/language.ts";
import { labelsOf } from "./layouts.ts";
import { layoutOf, type SheetForm } from "./sheet-form.ts";
import type { Label } from "./use-labels.ts";

/** Kept free within a label, in mm. */
const PADDING = 2;

/** A label that is as wide for its height has its caption beside the code, any other below. */
const WIDE = 1.5;

/** Of a letter's height and a line's, in mm. */
const TEXT = 3;
const LINE = 4.5;

/** More labels than anybody tells apart. */
const MAX_LABELS = 400;

/** The first page as it will be printed: what stands where. Measures are mm. */
export function SheetDrawing({ form, labels }: { form: SheetForm; labels: readonly Label[] }) {
  const layout = layoutOf(form);
  const places = labelsOf({
    ...layout,
    rows: Math.min(layout.rows, MAX_LABELS / Math.max(1, layout.columns)),
  });
  const { width, height } = layout.page;
  const [copies, skip] = [Math.max(1, Number(form.copies) || 1), Number(form.skip) || 0];
  if (!(width > 0 && height > 0)) return null;
  const frame = form.cropMarks ? "sheet-label sheet-label-cut" : "sheet-label";
  return (
    <svg
      class="sheet-page"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={texts.value.sheets.drawing}
    >
      <rect class="sheet-paper" width={width} height={height} />
      {places.map((place, index) => {
        const label = index < skip ? undefined : labels[Math.floor((index - skip) / copies)];
        return (
          // Places have no name of their own and keep their order.
          <svg key={index} {...place} aria-hidden="true">
            <rect class={frame} width={place.width} height={place.height} />
            {label && <LabelDrawing label={label} place={place} caption={form.caption} />}
          </svg>
        );
      })}
    </svg>
  );
}

interface LabelDrawingProps {
  label: Label;
  place: { width: number; height: number };
  caption: SheetForm["caption"];
}

function LabelDrawing({ label, place: { width, height }, caption }: LabelDrawingProps) {
  const isWide = width >= WIDE * height;
  const text = caption === "none" ? "" : caption === "name" ? (label.name ?? label.qrId) : label.qrId;
  const below = text !== "" && !isWide ? LINE : 0;
  const side = Math.max(1, Math.min(width, height - below) - 2 * PADDING);
  const isBeside = isWide && text !== "";
  const x = isBeside ? PADDING : (width - side) / 2;
  const y = (height - below - side) / 2;
  return (
    <>
      {label.url ? (
        <image href={label.url} x={x} y={y} width={side} height={side} />
      ) : (
        <rect class="sheet-code" x={x} y={y} width={side} height={side} />
      )}
      {text !== "" && (
        <text
          class="sheet-caption"
          x={isBeside ? x + side + PADDING : width / 2}
          y={isBeside ? height / 2 + TEXT / 3 : height - PADDING}
          font-size={TEXT}
          text-anchor={isBeside ? "start" : "middle"}
        >
          {text}
        </text>
      )}
    </>
  );
}
