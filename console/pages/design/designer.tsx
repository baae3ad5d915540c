import { useState } from "preact/hooks";
import type { QrCode, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";
import { texts } from "../../i18n/language.ts";
import { messageOf } from "../../parts/error-note.tsx";
import { type Design, designOver, PLAIN } from "./design.ts";
import { FrameControls } from "./frame-controls.tsx";
import { LogoControls } from "./logo-controls.tsx";
import { type Print, USUAL_PRINT } from "./print.ts";
import { PrintControls } from "./print-controls.tsx";
import { DefaultControls, SaveBar } from "./save-bar.tsx";
import { StyleControls } from "./style-controls.tsx";
import { type Preview, usePreview } from "./use-preview.ts";

export interface DesignerProps {
  code: QrCode;
  name: string;
  tenantStyle: StoredPictureStyle;
  design: Design;
  change(changed: Partial<Design>): void;
  forget(): void;
}

/** What has a place of its own to be told at; whatever else is wrong stands under the picture. */
const PLACES = ["modules", "finders", "color", "ring", "eye", "background", "margin", "ecc"]
  .concat(["logo", "logoSize", "frame", "caption"])
  .concat(["width", "module", "size", "distance"]);

export function Designer({ code, name, tenantStyle, design, change, forget }: DesignerProps) {
  const [print, setPrint] = useState<Print>(USUAL_PRINT);
  const preview = usePreview(code.qrId, design, print);
  const errors = preview.error?.fieldErrors(PLACES) ?? {};
  const below = designOver(tenantStyle, PLAIN);
  const saving = { below, design, isWrong: preview.error !== undefined };
  return (
    <div class="design-grid">
      <PreviewCard preview={preview} name={name} design={design} detail={errors[""]} />
      <div class="card design-controls">
        <StyleControls design={design} change={change} errors={errors} />
        <LogoControls design={design} change={change} errors={errors} info={preview.info} />
        <FrameControls design={design} change={change} errors={errors} />
        <PrintControls
          code={code}
          design={design}
          print={print}
          change={(changed) => setPrint({ ...print, ...changed })}
          errors={errors}
          info={preview.info}
        />
        <DefaultControls {...saving} tenantStyle={tenantStyle} change={change} />
        <SaveBar {...saving} code={code} stored={designOver(code.style, below)} forget={forget} />
      </div>
    </div>
  );
}

interface PreviewCardProps {
  preview: Preview;
  name: string;
  design: Design;
  detail: string | undefined;
}

function PreviewCard({ preview: { url, error, isBusy }, name, design, detail }: PreviewCardProps) {
  const { code, design: said } = texts.value;
  const isRefused = error?.failure === "refused";
  return (
    <section class="design-preview" aria-label={said.preview} aria-busy={isBusy}>
      <div class={design.background === "transparent" ? "paper paper-checked" : "paper"}>
        {url ? (
          <img src={url} alt={code.pictureAlt(name)} width="320" height="320" />
        ) : (
          <span class={error ? "" : "paper-blank"} />
        )}
      </div>
      <p class="field-error" role="status">
        {error && (isRefused ? (detail ?? texts.value.errors.invalid) : messageOf(error))}
      </p>
    </section>
  );
}
