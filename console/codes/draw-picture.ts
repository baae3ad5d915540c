import { useEffect, useState } from "preact/hooks";
import type { PictureQuery, QrCode } from "../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import { save } from "../parts/save-file.ts";
import { tellFailure } from "./tell-failure.ts";

/** The formats that are files. */
export type FileFormat = Exclude<NonNullable<PictureQuery["format"]>, "info">;

/**
 * A code's picture as it is stored, as an address that an image can show; the last good one stays.
 *
 * @param stored what else it depends on: when it changes, the picture is asked for anew
 */
export function usePicture(qrId: string, stored: string): { url?: string; error?: ApiError | undefined } {
  const [state, setState] = useState<{ url?: string; error?: ApiError | undefined }>({});
  useEffect(() => {
    const outdated = new AbortController();
    drawPicture(qrId, { format: "svg" }, outdated.signal).then(
      (data) => {
        if (!outdated.signal.aborted) setState({ url: URL.createObjectURL(data) });
      },
      (error) => {
        if (!outdated.signal.aborted) setState((before) => ({ ...before, error: asApiError(error) }));
      },
    );
    return () => outdated.abort();
  }, [qrId, stored]);
  useEffect(() => () => URL.revokeObjectURL(state.url ?? ""), [state.url]);
  return state;
}

/**
 * Hands a picture to the browser as a file.
 *
 * @param places fields that show by themselves what is wrong with them
 * @returns what is wrong with them, by their names; anything else is said in a toast
 */
export async function downloadPicture(
  code: QrCode,
  query: PictureQuery & { format: FileFormat },
  places: readonly string[] = [],
): Promise<Record<string, string>> {
  try {
    save(await drawPicture(code.qrId, query), `${fileName(code)}.${query.format}`);
    return {};
  } catch (error) {
    const { "": elsewhere, ...errors } = asApiError(error).fieldErrors(places);
    if (elsewhere !== undefined || Object.keys(errors).length === 0) tellFailure(error);
    return errors;
  }
}

/**
 * Draws a picture. The types name what `format=info` would give; every other format gives a file.
 *
 * @throws ApiError
 */
export async function drawPicture(qrId: string, query: PictureQuery, cancelled?: AbortSignal): Promise<Blob> {
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
