import { useState } from "preact/hooks";
import type { PictureInfo, QrCode } from "../../../clients/typescript/src/schema.ts";
import { BOUNDS } from "../../api/contract.ts";
import { number } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { TextField } from "../../parts/field.tsx";
import { Icon } from "../../parts/icon.tsx";
import { OnlyHere } from "../../parts/only-here.tsx";
import { Segments } from "../../parts/segments.tsx";
import type { Design } from "./design.ts";
import { Downloads } from "./downloads.tsx";
import { InkControls } from "./ink-controls.tsx";
import type { Print } from "./print.ts";

interface PrintControlsProps {
  code: QrCode;
  design: Design;
  print: Print;
  change(changed: Partial<Print>): void;
  errors: Record<string, string>;
  info: PictureInfo | undefined;
}

const WAYS = ["width", "module", "size"] as const;

/** What an arrow adds, in the unit of each. */
const STEPS = { width: 1, module: 0.05, size: 64 };

const MM_PER_CM = 10;

export function PrintControls({ code, design, print, change, errors, info }: PrintControlsProps) {
  const { design: said } = texts.value;
  const { by } = print;
  const [refused, setRefused] = useState<Record<string, string>>({});
  const choose = (changed: Partial<Print>) => {
    setRefused({});
    change(changed);
  };
  const { minimum, maximum } = BOUNDS.picture.size;
  const px = Number(print.size);
  const isSizeWrong = by === "size" && !(Number.isInteger(px) && px >= minimum && px <= maximum);
  return (
    <section class="stack" aria-labelledby="design-print">
      <h2 id="design-print">{said.print}</h2>
      <Segments
        legend={said.by}
        value={by}
        of={WAYS.map((way) => [way, said.measures[way]] as const)}
        choose={(chosen) => choose({ by: chosen })}
      />
      <div class="field-pair">
        <TextField
          key={by}
          label={said[by]}
          error={isSizeWrong ? said.sizeBounds(number(minimum), number(maximum)) : errors[by]}
          type="number"
          min={0}
          step={STEPS[by]}
          value={print[by]}
          change={(value) => choose({ [by]: value })}
        />
        <TextField
          label={said.distance}
          error={errors.distance}
          type="number"
          min={1}
          value={print.distance}
          change={(distance) => choose({ distance })}
        />
      </div>
      {by !== "size" && <InkControls print={print} change={choose} errors={refused} />}
      {info && <Advice info={info} />}
      <OnlyHere scanUrl={code.scanUrl} />
      <Downloads code={code} design={design} print={print} refuse={setRefused} />
    </section>
  );
}

/** What the service says of the picture before it is printed. */
function Advice({ info }: { info: PictureInfo }) {
  const { design: said } = texts.value;
  const { version, modules, errorCorrection, leastWidthMm, distanceMm, warnings } = info;
  return (
    <div class="advice">
      <h3>{said.advice}</h3>
      <ul class="stack-tight">
        <li>{said.version(number(version), number(modules), errorCorrection)}</li>
        <li>{said.least(number(leastWidthMm), number(distanceMm / MM_PER_CM))}</li>
        {warnings.length === 0 && <li>{said.fine}</li>}
        {warnings.map(({ code, message }) => (
          <li key={code} class="advice-warning" lang="en">
            <Icon name="warn" />
            <span>{message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
