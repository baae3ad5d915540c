import type { QrCode } from "../../clients/typescript/src/schema.ts";
import { asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { refreshReads } from "../api/live.ts";
import { shortUrl } from "../i18n/format.ts";
import { texts } from "../i18n/language.ts";
import { messageOf } from "../parts/error-note.tsx";
import { say } from "../state/toasts.ts";
import { changeListed } from "./listed.ts";

/**
 * Takes a code off the screen at once and deletes it, with a way back; if the service will not, it comes back.
 *
 * @param hide takes it out of whatever else shows it
 */
export async function deleteCode(code: QrCode, hide: () => void = () => {}): Promise<void> {
  const { code: said } = texts.value;
  changeListed((codes) => codes.filter(({ qrId }) => qrId !== code.qrId));
  hide();
  try {
    await call("delete", { params: { qrId: code.qrId } });
    say(said.deletedNow(code.name ?? shortUrl(code.targetUrl)), {
      action: { label: said.undo, run: () => restoreCode(code.qrId) },
    });
    refreshReads("list");
  } catch (error) {
    changeListed((codes) => inOrder([...codes, code]));
    say(messageOf(asApiError(error)), { isBad: true });
  }
}

/** Takes a code out of the trash, as it was; `false` if the service will not. */
export async function restoreCode(qrId: string): Promise<boolean> {
  try {
    const { data } = await call("restore", { params: { qrId } });
    changeListed((codes) => inOrder([...codes.filter((code) => code.qrId !== qrId), data]));
    refreshReads("list");
    refreshReads("get");
    say(texts.value.code.restoredNow);
    return true;
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
    return false;
  }
}

function inOrder(codes: QrCode[]): QrCode[] {
  return codes.toSorted((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
}
