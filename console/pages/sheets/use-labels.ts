import { useEffect, useState } from "preact/hooks";
import type { QrCode } from "../../../clients/typescript/src/schema.ts";
import { asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { drawPicture } from "../../codes/draw-picture.ts";
import type { Chosen } from "./sheet-form.ts";

/** A code as its label shows it. */
export interface Label {
  qrId: string;
  name: string | null;
  /** Absent until the code is read, as `name` is. */
  scanUrl?: string;
  /** What an image can show; absent until it is drawn. */
  url?: string;
}

/** Pictures that are drawn for a page that is shown; more of them nobody tells apart. */
const MAX_DRAWN = 40;

/** What a list has on a page. */
const PAGE = 100;

/**
 * The codes that are printed, as far as a first page shows them. Each picture is asked for behind the one before.
 *
 * @returns them, and whether that is all
 */
export function useLabels(chosen: Chosen): { labels: Label[]; isAll: boolean } {
  const [labels, setLabels] = useState<Label[]>([]);
  const [isAll, setAll] = useState(true);
  const key = JSON.stringify(chosen);
  useEffect(() => {
    const ended = new AbortController();
    const urls: string[] = [];
    const load = async () => {
      const { codes, isAll: isWhole } = await codesOf(chosen, ended.signal);
      if (ended.signal.aborted) return;
      setLabels(codes);
      setAll(isWhole);
      for (const [index, { qrId }] of codes.slice(0, MAX_DRAWN).entries()) {
        const url = URL.createObjectURL(await drawPicture(qrId, { format: "svg" }, ended.signal));
        urls.push(url);
        if (ended.signal.aborted) break;
        setLabels((before) => before.map((label, at) => (at === index ? { ...label, url } : label)));
      }
    };
    load().catch((error) => {
      // What can't be shown is said where it is asked for as a file.
      if (!ended.signal.aborted) asApiError(error);
    });
    return () => {
      ended.abort();
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [key]);
  return { labels, isAll };
}

async function codesOf(chosen: Chosen, signal: AbortSignal): Promise<{ codes: Label[]; isAll: boolean }> {
  if ("filter" in chosen) {
    const { data } = await call("list", { query: { ...chosen.filter, limit: PAGE }, signal });
    return { codes: data.qrCodes.map(labelOf), isAll: data.nextCursor === undefined };
  }
  const codes: Label[] = chosen.ids.map((qrId) => ({ qrId, name: null }));
  for (const [index, { qrId }] of codes.slice(0, MAX_DRAWN).entries()) {
    const { data } = await call("get", { params: { qrId }, query: { format: "json" }, signal });
    codes[index] = labelOf(data);
  }
  return { codes, isAll: true };
}

const labelOf = ({ qrId, name, scanUrl }: Pick<QrCode, "qrId" | "name" | "scanUrl">): Label => {
  return { qrId, name, scanUrl };
};
