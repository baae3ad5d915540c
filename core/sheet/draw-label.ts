import { deflateSync } from "node:zlib";
import { Unscannable } from "../errors.ts";
import { widthOf } from "../picture/caption/caption.ts";
import { BLACK } from "../picture/color.ts";
import { designOf } from "../picture/design.ts";
import { layOut } from "../picture/layout.ts";
import type { Ink } from "../picture/print/ink.ts";
import { inkFor } from "../picture/print/ink-for.ts";
import { decimal } from "../picture/print/number.ts";
import { colorOperator, sceneOperators } from "../picture/print/pdf-scene.ts";
import { textOperators } from "./caption-font.ts";
import { dotOperators, withoutDots } from "./dots.ts";
import type { LabelForm, LabelOrder, LabelPaper } from "./label.ts";
import { type PlacedLabel, placeLabel } from "./place-label.ts";

/** Three dots of a printer of 300 dpi: modules that are smaller come out unequal. In mm. */
const MIN_MODULE = 0.254;

/** @throws Unscannable (`layout`) if its modules would be too small to print */
export function drawLabel({ text, style, logo, caption }: LabelOrder, paper: LabelPaper): LabelForm {
  const design = designOf(style);
  const { scene } = layOut(text, design, logo, "omit");
  const ink = inkFor(paper, design);
  const placed = placeLabel({ ...scene, isFramed: design.frame !== "none" }, caption, paper);
  const module = placed.code.width / scene.width;
  if (module < MIN_MODULE) throw tooSmall(module, paper);
  const { x, y } = placed.code;
  const { scene: rest, dots } = withoutDots(scene);
  const content = [
    `q ${decimal(module)} 0 0 ${decimal(module)} ${decimal(x)} ${decimal(y)} cm`,
    sceneOperators(rest, ink),
    ...dotOperators(dots, ink),
    "Q",
    ...captionOperators(placed, captionInk(paper, ink)),
  ].join("\n");
  return {
    content: deflateSync(Buffer.from(content, "latin1")),
    ink,
    hasLogo: scene.image !== undefined,
    characters: placed.lines.map(({ text: line }) => line).join(""),
  };
}

function captionOperators({ lines, capHeight }: PlacedLabel, ink: Ink): string[] {
  if (lines.length === 0) return [];
  const set = lines.map(({ text, left, center = 0, baseline }) =>
    textOperators(text, capHeight, [left ?? center - (widthOf(text) * capHeight) / 2, baseline]),
  );
  return [colorOperator(BLACK, true, ink), ...set];
}

/** Black ink, unless the sheet says otherwise, whatever the code's colours are. */
function captionInk({ ink, spot }: LabelPaper, ofCode: Ink): Ink {
  return spot === undefined ? { kind: ink ?? "cmyk" } : ofCode;
}

function tooSmall(module: number, { size }: LabelPaper): Unscannable {
  const [width, height] = [size.width, size.height].map((length) => Math.round(10 * length) / 10);
  const message = `of ${width} × ${height} mm makes modules of ${Math.floor(100 * module) / 100} mm, too small to print: they need ${MIN_MODULE}`;
  return new Unscannable([{ path: "layout", message }]);
}
