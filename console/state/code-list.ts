import { type Signal, signal } from "@preact/signals";
import type { ListedQrCode, ListQuery, QrCodePage } from "../../clients/typescript/src/schema.ts";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call, pathOf } from "../api/call.ts";
import { changeReads, refreshReads } from "../api/live.ts";
import { session } from "../auth/session.ts";

/** A list as far as somebody has scrolled through it. */
export interface CodeList {
  query: ListQuery;
  /** Pages behind the first one, which keeps itself up to date. */
  further: Signal<ListedQrCode[][]>;
  /** Where the next page begins; `undefined` at the end, `null` while the first page tells. */
  cursor: Signal<string | undefined | null>;
  isLoading: Signal<boolean>;
  error: Signal<ApiError | undefined>;
  /** The first page when it was last looked at. */
  first: ListedQrCode[];
  /** The UTC day of the first page's `today`. */
  date: string | undefined;
  /** How often it was begun anew: a page that was asked for before is not shown. */
  beginnings: number;
  /** How far down the window was, in px. */
  scrolledTo: number;
}

/** The list that was looked at last: whoever comes back from a code finds the place. */
let last: { key: string; list: CodeList } | undefined;

export function codeList(query: ListQuery): CodeList {
  const key = `${session.value?.tenant} ${pathOf("list", { query })}`;
  if (last?.key !== key) last = { key, list: newList(query) };
  return last.list;
}

function newList(query: ListQuery): CodeList {
  return {
    query,
    further: signal([]),
    cursor: signal(null),
    isLoading: signal(false),
    error: signal(undefined),
    first: [],
    date: undefined,
    beginnings: 0,
    scrolledTo: 0,
  };
}

/** Loads the page behind the last one. */
export async function loadMore(list: CodeList): Promise<void> {
  const { value: cursor } = list.cursor;
  if (!cursor || list.isLoading.value) return;
  const { beginnings } = list;
  const isCurrent = () => list.beginnings === beginnings;
  list.isLoading.value = true;
  try {
    const { data } = await call("list", { query: { ...list.query, cursor } });
    if (!isCurrent()) return;
    list.further.value = [...list.further.value, data.qrCodes];
    list.cursor.value = data.nextCursor;
    list.error.value = undefined;
  } catch (error) {
    if (!isCurrent()) return;
    list.error.value = asApiError(error);
  }
  list.isLoading.value = false;
}

/**
 * Takes a newer first page. Codes that it has pushed off its end go before the second page, which was read behind them;
 * without a second page, the first one says where to go on. Once its day is another one, the other pages don't know theirs.
 */
export function takeFirst(list: CodeList, { qrCodes, nextCursor, date }: QrCodePage): void {
  if (list.date !== date) {
    list.further.value = list.further.value.map(withoutToday);
    list.first = withoutToday(list.first);
    list.date = date;
  }
  if (list.further.value.length === 0) list.cursor.value = nextCursor;
  else
    list.further.value = [pushedOff(list.first, qrCodes), ...list.further.value].filter(
      ({ length }) => length > 0,
    );
  list.first = qrCodes;
}

function withoutToday(codes: ListedQrCode[]): ListedQrCode[] {
  return codes.map(({ today: _, ...code }) => code);
}

function pushedOff(before: ListedQrCode[], now: ListedQrCode[]): ListedQrCode[] {
  const shown = new Set(now.map(({ qrId }) => qrId));
  const end = now.at(-1)?.createdAt ?? "";
  return before.filter(({ qrId, createdAt }) => !shown.has(qrId) && createdAt <= end);
}

/** Takes a code out of the pages behind the first one. */
export function removeFromList(qrId: string): void {
  if (!last) return;
  const { further } = last.list;
  further.value = further.value.map((codes) => codes.filter((code) => code.qrId !== qrId));
}

/** Reads the list anew from its first page, after many codes have changed; the place in it is not kept. */
export function rereadList(): void {
  if (last) {
    const { list } = last;
    list.beginnings += 1;
    list.further.value = [];
    list.cursor.value = null;
    list.isLoading.value = false;
    list.error.value = undefined;
  }
  // What has no tag is read whole, so that the first page says again where to go on.
  changeReads("list", (page) => page);
  refreshReads("list");
}
