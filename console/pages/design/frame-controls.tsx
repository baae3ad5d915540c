import { BOUNDS } from "../../api/contract.ts";
import { texts } from "../../i18n/language.ts";
import { TextField } from "../../parts/field.tsx";
import { Segments } from "../../parts/segments.tsx";
import type { ControlsProps } from "./controls-props.ts";

const { frame, caption } = BOUNDS.putStyle;

export function FrameControls({ design, change, errors }: ControlsProps) {
  const { design: said } = texts.value;
  return (
    <section class="stack" aria-labelledby="design-frame">
      <h2 id="design-frame">{said.frame}</h2>
      <div class="field-pair">
        <Segments
          legend={said.frame}
          value={design.frame}
          of={frame.enum.map((kind) => [kind, said.frames[kind]] as const)}
          choose={(chosen) => change({ frame: chosen })}
        />
        <TextField
          label={said.caption}
          hint={said.captionHint}
          error={errors.caption}
          maxLength={caption.maxLength}
          value={design.caption}
          change={(text) => change({ caption: text })}
        />
      </div>
    </section>
  );
}
