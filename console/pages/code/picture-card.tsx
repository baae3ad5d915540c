import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { useLive } from "../../api/live.ts";
import { downloadPicture, usePicture } from "../../codes/draw-picture.ts";
import { shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { OnlyHere } from "../../parts/only-here.tsx";
import { linkTo } from "../../state/router.ts";

/** The tenant's style seldom changes. In milliseconds. */
const STYLE_POLL_MS = 60_000;

/** The picture as it is drawn everywhere, how to get it, and the way to where it is designed. */
export function PictureCard({ code }: { code: QrCode }) {
  const { code: said, design } = texts.value;
  const { data: tenantStyle } = useLive("getStyle", {}, STYLE_POLL_MS);
  const { url, error } = usePicture(code.qrId, JSON.stringify([code.style, tenantStyle]));
  const name = code.name ?? shortUrl(code.targetUrl);
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
      {error && <p class="field-error">{messageOf(error)}</p>}
      <div class="download">
        <button
          type="button"
          class="button button-primary"
          onClick={() => downloadPicture(code, { format: "svg" })}
        >
          <Icon name="download" />
          {said.downloadSvg}
        </button>
        <button
          type="button"
          class="button"
          aria-label={said.downloadPng}
          onClick={() => downloadPicture(code, { format: "png" })}
        >
          {said.png}
        </button>
        <button
          type="button"
          class="button"
          aria-label={said.downloadPdf}
          onClick={() => downloadPicture(code, { format: "pdf" })}
        >
          {said.pdf}
        </button>
        <a class="button" href={linkTo(["design", code.qrId])}>
          <Icon name="brush" />
          {design.link}
        </a>
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
        <OnlyHere scanUrl={code.scanUrl} />
      </div>
    </section>
  );
}
