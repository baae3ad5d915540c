import { useEffect, useState } from "preact/hooks";
import type { PictureInfo } from "../../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { drawPicture } from "../../codes/draw-picture.ts";
import { type Design, queryOf } from "./design.ts";
import { judgedMeasuresOf, type Print } from "./print.ts";

/** How long a slider is dragged before the picture follows, in milliseconds. */
const PAUSE_MS = 150;

/** What was drawn last, and what is wrong with what was asked since. */
export interface Preview {
  /** What an image can show; the last good one stays. */
  url?: string;
  info?: PictureInfo;
  error?: ApiError | undefined;
  /** Whether something else was asked since. */
  isBusy: boolean;
}

/** Draws a design as it changes, and asks what is to be said of it. The last answer wins. */
export function usePreview(qrId: string, design: Design, print: Print): Preview {
  const [state, setState] = useState<Omit<Preview, "isBusy"> & { key?: string }>({});
  const key = JSON.stringify([qrId, queryOf(design), judgedMeasuresOf(print)]);
  useEffect(() => {
    const outdated = new AbortController();
    const { signal } = outdated;
    const timer = setTimeout(async () => {
      const drawn = await Promise.allSettled([
        drawPicture(qrId, { format: "svg", ...queryOf(design) }, signal),
        call("picture", {
          params: { qrId },
          query: { format: "info", ...queryOf(design), ...judgedMeasuresOf(print) },
          signal,
        }),
      ]);
      if (signal.aborted) return;
      const [picture, told] = drawn;
      const failed = drawn.find((part) => part.status === "rejected");
      setState((before) => ({
        ...before,
        key,
        ...(picture.status === "fulfilled" ? { url: URL.createObjectURL(picture.value) } : {}),
        ...(told.status === "fulfilled" ? { info: told.value.data } : {}),
        error: failed && asApiError(failed.reason),
      }));
    }, PAUSE_MS);
    return () => {
      outdated.abort();
      clearTimeout(timer);
    };
  }, [key]);
  useEffect(() => () => URL.revokeObjectURL(state.url ?? ""), [state.url]);
  return { ...state, isBusy: state.key !== key };
}
