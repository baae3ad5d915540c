import { useEffect, useState } from "preact/hooks";
import type { PictureQuery, QrCode } from "../../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { shortUrl } from "../../i18n/format.ts";
import { texts } from "../../i18n/language.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { messageOf } from "../../parts/error-note.tsx";
import { Icon } from "../../parts/icon.tsx";
import { say } from "../../state/toasts.ts";
import { PictureControls } from "./picture-controls.tsx";

/** How it is to be drawn; what is absent is as the service draws it by itself. */
export type Look = Pick<PictureQuery, "size" | "ecc" | "color" | "background">;

/** How long a colour is dragged before the picture follows, in milliseconds. */
const PAUSE_MS = 150;

/** The picture as it will print, and how to get it. */
export function PictureCard({ code }: { code: QrCode }) {
  const { code: said } = texts.value;
  const [look, setLook] = useState<Look>({});
  const { url, error } = usePicture(code.qrId, look);
  const errors = error?.fieldErrors(["size", "ecc", "color", "background"]) ?? {};
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
      <div class="download">
        <button type="button" class="button button-primary" onClick={() => download(code, look, "svg")}>
          <Icon name="download" />
          {said.downloadSvg}
        </button>
        <button
          type="button"
          class="button"
          aria-label={said.downloadPng}
          onClick={() => download(code, look, "png")}
        >
          <Icon name="download" />
          {said.png}
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
      <PictureControls look={look} change={(changed) => setLook({ ...look, ...changed })} errors={errors} />
      {error && error.failure !== "refused" && <p class="field-error">{messageOf(error)}</p>}
    </section>
  );
}

/** The picture from the service, as an address that an image can show; the last good one stays. */
function usePicture(qrId: string, { ecc, color, background }: Look) {
  const [state, setState] = useState<{ url?: string; error?: ApiError | undefined }>({});
  useEffect(() => {
    const outdated = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const query = { format: "svg" as const, ...definedOf({ ecc, color, background }) };
        const { data } = await call("picture", { params: { qrId }, query, signal: outdated.signal });
        if (!outdated.signal.aborted) setState({ url: URL.createObjectURL(data) });
      } catch (error) {
        if (!outdated.signal.aborted) setState((before) => ({ ...before, error: asApiError(error) }));
      }
    }, PAUSE_MS);
    return () => {
      outdated.abort();
      clearTimeout(timer);
    };
  }, [qrId, ecc, color, background]);
  useEffect(() => () => URL.revokeObjectURL(state.url ?? ""), [state.url]);
  return state;
}

async function download(code: QrCode, { size, ...look }: Look, format: "svg" | "png"): Promise<void> {
  try {
    const sized = format === "png" ? { size } : {};
    const query = { format, ...definedOf({ ...look, ...sized }) };
    const { data } = await call("picture", { params: { qrId: code.qrId }, query });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data);
    link.download = `${fileName(code)}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
  }
}

/** Its name, in letters that every file system takes, else its ID. */
function fileName({ name, qrId }: QrCode): string {
  return (name ?? "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || qrId;
}

function definedOf<T extends object>(values: T): { [N in keyof T]: Exclude<T[N], undefined> } {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as { [N in keyof T]: Exclude<T[N], undefined> };
}
