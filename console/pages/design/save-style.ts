import type { QrCode, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { setLive } from "../../api/live.ts";
import { changeCode } from "../../codes/change-code.ts";
import { tellFailure } from "../../codes/tell-failure.ts";
import { texts } from "../../i18n/language.ts";
import { say } from "../../state/toasts.ts";

/** Stores how a code looks, with a way back. @returns whether the service did */
export async function saveStyle(
  { qrId, style: before }: Pick<QrCode, "qrId" | "style">,
  style: StoredPictureStyle | null,
): Promise<boolean> {
  const { design, code } = texts.value;
  try {
    await changeCode(qrId, { style });
    say(design.saved, { action: { label: code.undo, run: () => saveStyle({ qrId, style }, before) } });
    return true;
  } catch (error) {
    if (asApiError(error).status === 412) say(design.changedMeanwhile, { isBad: true });
    else tellFailure(error);
    return false;
  }
}

/** Stores how all codes of the tenant look that say nothing of their own, with a way back. */
export async function saveDefault(before: StoredPictureStyle, style: StoredPictureStyle): Promise<void> {
  const { design, code } = texts.value;
  try {
    const { data } = await call("putStyle", { body: style });
    setLive("getStyle", {}, () => data);
    say(design.savedDefault, { action: { label: code.undo, run: () => saveDefault(style, before) } });
  } catch (error) {
    tellFailure(error);
  }
}
