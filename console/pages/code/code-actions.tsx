import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { may } from "../../auth/session.ts";
import { changeCode, showCode } from "../../codes/change-code.ts";
import { deleteCode } from "../../codes/delete-code.ts";
import { texts } from "../../i18n/language.ts";
import { messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { goTo } from "../../state/router.ts";
import { say } from "../../state/toasts.ts";

export function CodeActions({ code }: { code: QrCode }) {
  const { code: said } = texts.value;
  if (!may("qr:write")) return null;
  const isPaused = code.status === "paused";
  return (
    <div class="actions">
      <button type="button" class="button" onClick={() => setStatus(code, isPaused ? "active" : "paused")}>
        <Icon name={isPaused ? "play" : "pause"} />
        {isPaused ? said.resume : said.pause}
      </button>
      <button
        type="button"
        class="button button-danger"
        onClick={() => {
          goTo("#/codes");
          void deleteCode(code);
        }}
      >
        <Icon name="trash" />
        {said.delete}
      </button>
    </div>
  );
}

/** Shows the new status at once; what it means for a scan, only the service knows when a code is resumed. */
async function setStatus(code: QrCode, status: QrCode["status"]): Promise<void> {
  const { code: said } = texts.value;
  showCode({ ...code, status, state: status === "paused" ? "paused" : "open" });
  try {
    await changeCode(code.qrId, { status });
    const back = code.status;
    say(status === "paused" ? said.pausedNow : said.resumedNow, {
      action: { label: said.undo, run: () => setStatus({ ...code, status }, back) },
    });
  } catch (error) {
    showCode(code);
    say(messageOf(asApiError(error)), { isBad: true });
  }
}
