import { useState } from "preact/hooks";
import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { useLive } from "../../api/live.ts";
import { may } from "../../auth/session.ts";
import { changeCode } from "../../codes/change-code.ts";
import { shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { say } from "../../state/toasts.ts";
import { downloadPicture, usePicture } from "./draw.ts";
import { type Look, shownLook, styleOf } from "./look.ts";
import { PictureControls } from "./picture-controls.tsx";

/** The tenant's style seldom changes. In milliseconds. */
const STYLE_POLL_MS = 60_000;

/** The picture as it will print, how to get it, and how it looks. */
export function PictureCard({ code }: { code: QrCode }) {
  const { code: said } = texts.value;
  const [chosen, choose] = useState<Look>({});
  const { data: tenantStyle } = useLive("getStyle", {}, STYLE_POLL_MS);
  const { size, ...drawn } = chosen;
  // The stored style is no part of the request: when it changes, the picture is asked for anew.
  const { url, error } = usePicture(code.qrId, drawn, JSON.stringify(code.style));
  const errors = error?.fieldErrors(["ecc", "modules", "color", "background"]) ?? {};
  const name = code.name ?? shortUrl(code.targetUrl);
  const isChanged = Object.keys(drawn).length > 0;
  const keep = async () => {
    try {
      await changeCode(code.qrId, { style: styleOf(chosen, code.style) });
      choose(size === undefined ? {} : { size });
      say(said.lookKept);
    } catch (failed) {
      say(messageOf(asApiError(failed)), { isBad: true });
    }
  };
  return (
    <section class="card picture-card" aria-labelledby="picture">
      <h2 id="picture">{said.picture}</h2>
      <div class="paper">
        {url ? (
          <img src={url} alt={said.pictureAlt(name)} width="320" height="320" />
        ) : (
          <span class="paper-blank" />
        )}
      </div>
      <div class="download">
        <button
          type="button"
          class="button button-primary"
          onClick={() => downloadPicture(code, drawn, "svg")}
        >
          <Icon name="download" />
          {said.downloadSvg}
        </button>
        <button
          type="button"
          class="button"
          aria-label={said.downloadPng}
          onClick={() => downloadPicture(code, chosen, "png")}
        >
          {said.png}
        </button>
        <button
          type="button"
          class="button"
          aria-label={said.downloadPdf}
          onClick={() => downloadPicture(code, drawn, "pdf")}
        >
          {said.pdf}
        </button>
      </div>
      <div class="scan-url">
        <p class="field-label" id="scan-url">
          {said.scanUrl}
        </p>
        <div class="scan-url-row">
          <a class="mono" href={code.scanUrl} target="_blank" rel="noreferrer" aria-describedby="scan-url">
            {code.scanUrl.replace(/^https?:\/\//, "")}
          </a>
          <CopyButton text={code.scanUrl} />
        </div>
      </div>
      <PictureControls
        shown={shownLook(chosen, code.style, tenantStyle)}
        change={(changed) => choose({ ...chosen, ...changed })}
        errors={errors}
      />
      {error && error.failure !== "refused" && <p class="field-error">{messageOf(error)}</p>}
      {isChanged && may("qr:write") && (
        <div class="save-bar">
          <span class="muted small">{said.lookHint}</span>
          <button type="button" class="button button-quiet" onClick={() => choose({})}>
            {said.discard}
          </button>
          <button type="button" class="button" disabled={error !== undefined} onClick={keep}>
            {said.keepLook}
          </button>
        </div>
      )}
    </section>
  );
}
