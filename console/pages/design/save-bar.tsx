import { useState } from "preact/hooks";
import type { QrCode, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";
import { may } from "../../auth/session.ts";
import { texts } from "../../i18n/language.ts";
import { type Design, isSame, PLAIN, styleOver } from "./design.ts";
import { saveDefault, saveStyle } from "./save-style.ts";

interface SavingProps {
  /** As codes are drawn that say nothing of their own. */
  below: Design;
  design: Design;
  /** Whether it can't be drawn as it is. */
  isWrong: boolean;
}

interface SaveBarProps extends SavingProps {
  code: QrCode;
  /** As the code is drawn now. */
  stored: Design;
  forget(): void;
}

/** Keeps a design for the code; it stays in sight. */
export function SaveBar({ code, stored, below, design, isWrong, forget }: SaveBarProps) {
  const { code: saidOfCode, design: said } = texts.value;
  const [isSaving, setSaving] = useState(false);
  if (!may("qr:write") || isSame(design, stored)) return null;
  const keep = async () => {
    setSaving(true);
    if (await saveStyle(code, styleOver(design, below))) forget();
    setSaving(false);
  };
  return (
    <div class="save-bar design-save">
      <span class="muted small" role="status">
        {saidOfCode.unsaved}
      </span>
      <button type="button" class="button button-quiet" onClick={forget}>
        {saidOfCode.discard}
      </button>
      <button type="button" class="button button-primary" disabled={isWrong || isSaving} onClick={keep}>
        {said.save}
      </button>
    </div>
  );
}

interface DefaultControlsProps extends SavingProps {
  tenantStyle: StoredPictureStyle;
  change(changed: Partial<Design>): void;
}

/** Takes the look that codes have without one of their own, or gives them this one. */
export function DefaultControls({ tenantStyle, below, design, isWrong, change }: DefaultControlsProps) {
  const { design: said } = texts.value;
  const [isSaving, setSaving] = useState(false);
  if (!may("qr:write")) return null;
  const isOfDefault = isSame(design, below);
  const keep = async () => {
    setSaving(true);
    await saveDefault(tenantStyle, styleOver(design, PLAIN) ?? {});
    setSaving(false);
  };
  return (
    <section class="stack" aria-labelledby="design-default">
      <h2 id="design-default">{said.default}</h2>
      <p class="muted small">{said.defaultHint}</p>
      <div class="actions">
        <button type="button" class="button" disabled={isOfDefault} onClick={() => change(below)}>
          {said.useDefault}
        </button>
        <button type="button" class="button" disabled={isOfDefault || isWrong || isSaving} onClick={keep}>
          {said.saveDefault}
        </button>
      </div>
    </section>
  );
}
