import type { QrCodePatch } from "../../clients/typescript/src/schema.ts";
import { asApiError } from "../api/api-error.ts";
import { texts } from "../i18n/language.ts";
import { messageOf } from "../parts/error-note.tsx";
import { say } from "../state/toasts.ts";
import { changeCode } from "./change-code.ts";

/** Gives fields of a code the values that they had before a change, and says whether that worked. */
export async function takeBack(qrId: string, before: QrCodePatch): Promise<void> {
  try {
    await changeCode(qrId, before);
    say(texts.value.history.undone);
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
  }
}
