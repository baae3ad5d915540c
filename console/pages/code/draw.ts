import { useEffect, useState } from "preact/hooks";
import type { PictureQuery, QrCode } from "../../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { messageOf } from "../../parts/error-note.tsx";
import { say } from "../../state/toasts.ts";
import type { Look } from "./look.ts";

/** How long a colour is dragged before the picture follows, in milliseconds. */
const PAUSE_MS = 150;

/** How long a browser may take to begin a download, in milliseconds. */
const DOWNLOAD_MS = 60_000;

/**
 * The picture from the service, as an address that an image can show; the last good one stays.
 *
 * @param stored what else it depends on
 */
export function usePicture(qrId: string, look: Look, stored: string) {
  const [state, setState] = useState<{ url?: string; error?: ApiError | undefined }>({});
  const key = `${qrId} ${JSON.stringify(look)} ${stored}`;
  useEffect(() => {
    const outdated = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const data = await picture(qrId, { format: "svg", ...look }, outdated.signal);
        if (!outdated.signal.aborted) setState({ url: URL.createObjectURL(data) });
      } catch (error) {
        if (!outdated.signal.aborted) setState((before) => ({ ...before, error: asApiError(error) }));
      }
    }, PAUSE_MS);
    return () => {
      outdated.abort();
      clearTimeout(timer);
    };
  }, [key]);
  useEffect(() => () => URL.revokeObjectURL(state.url ?? ""), [state.url]);
  return state;
}

/** Hands the picture to the browser as a file. */
export async function downloadPicture(
  code: QrCode,
  look: Look,
  format: "svg" | "png" | "pdf",
): Promise<void> {
  try {
    const data = await picture(code.qrId, { format, ...look });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(data);
    link.download = `${fileName(code)}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), DOWNLOAD_MS);
  } catch (error) {
    say(messageOf(asApiError(error)), { isBad: true });
  }
}

/** The types name what `format=info` would give; every other format gives a file. */
async function picture(qrId: string, query: PictureQuery, cancelled?: AbortSignal): Promise<Blob> {
  const { data } = await call("picture", {
    params: { qrId },
    query,
    headers: { accept: "*/*" },
    ...(cancelled ? { signal: cancelled } : {}),
  });
  return data as unknown as Blob;
}

/** Its name, in letters that every file system takes, else its ID. */
function fileName({ name, qrId }: QrCode): string {
  return (name ?? "").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || qrId;
}
