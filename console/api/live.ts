import { type Signal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type ApiError, asApiError } from "./api-error.ts";
import { call, type OperationName, pathOf, type Sent } from "./call.ts";
import type { Calls } from "./contract.ts";

/** A read that keeps itself up to date while somebody looks at it. */
export interface Live<T> {
  data: T | undefined;
  /** Of the last attempt; what was read before stays. */
  error: ApiError | undefined;
}

interface Entry {
  state: Signal<Live<unknown>>;
  etag: string | null;
  /** Changes made here: a reply to a question that was asked before one of them is not shown. */
  changes: number;
}

/** How often an open page asks again, and at most how seldom while nobody answers. In milliseconds. */
export const POLL_MS = 10_000;
const MAX_POLL_MS = 60_000;

/** What was read last, by tenant and path: a page that is opened again shows it at once. */
const entries = new Map<string, Entry>();

/** More than a person goes back through. */
const MAX_ENTRIES = 50;

function entryOf(key: string): Entry {
  const entry = entries.get(key) ?? newEntry();
  entries.delete(key);
  entries.set(key, entry);
  for (const oldest of entries.keys()) if (entries.size > MAX_ENTRIES) entries.delete(oldest);
  return entry;
}

function newEntry(): Entry {
  return { state: signal<Live<unknown>>({ data: undefined, error: undefined }), etag: null, changes: 0 };
}

export function forgetReads(): void {
  entries.clear();
}

/** The tag of what was read last; `undefined` where the service gave none, or a change is not yet confirmed. */
export function tagOf<Name extends OperationName>(name: Name, sent: Sent<Name>): string | undefined {
  return entries.get(pathOf(name, sent))?.etag ?? undefined;
}

/** Shows a change before the service has confirmed it, or what its reply brought. */
export function setLive<Name extends OperationName>(
  name: Name,
  sent: Sent<Name>,
  change: (data: Calls[Name]["reply"]) => Calls[Name]["reply"],
  etag: string | null = null,
): void {
  changeEntry(entries.get(pathOf(name, sent)), change, etag);
}

/** The same for every reading of an operation, whatever its query. */
export function changeReads<Name extends OperationName>(
  name: Name,
  change: (data: Calls[Name]["reply"]) => Calls[Name]["reply"],
): void {
  const path = pathOf(name);
  for (const [key, entry] of entries) if (key.split("?")[0] === path) changeEntry(entry, change);
}

/** Has every open reading of an operation asked for again at once. */
export function refreshReads(name: OperationName): void {
  refreshes.dispatchEvent(new Event(name));
}

const refreshes = new EventTarget();

function changeEntry<T>(entry: Entry | undefined, change: (data: T) => T, etag: string | null = null): void {
  if (entry?.state.value.data === undefined) return;
  entry.etag = etag;
  entry.changes += 1;
  entry.state.value = { data: change(entry.state.value.data as T), error: undefined };
}

/**
 * Reads an operation, again every ten seconds, and whenever the tab is looked at again. A hidden tab asks for nothing,
 * and what has not changed is answered by 304.
 */
export function useLive<Name extends OperationName>(
  name: Name,
  sent: Sent<Name> | undefined,
  everyMs = POLL_MS,
): Live<Calls[Name]["reply"]> & { refresh(): void } {
  const key = sent && pathOf(name, sent);
  const entry = key === undefined ? undefined : entryOf(key);
  const [wish, setWish] = useState(0);
  useEffect(() => (entry && sent ? poll(entry, name, sent, everyMs) : undefined), [key, everyMs, wish]);
  const state = (entry?.state.value ?? { data: undefined, error: undefined }) as Live<Calls[Name]["reply"]>;
  return { ...state, refresh: () => setWish(wish + 1) };
}

function poll<Name extends OperationName>(entry: Entry, name: Name, sent: Sent<Name>, everyMs: number) {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isAsking = false;
  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden || isAsking) return;
    isAsking = true;
    const isGone = await read(entry, name, sent, ended.signal);
    isAsking = false;
    if (ended.signal.aborted || isGone) return;
    failures = entry.state.value.error ? failures + 1 : 0;
    timer = setTimeout(ask, Math.min(everyMs * 2 ** Math.min(failures, 4), MAX_POLL_MS));
  };
  void ask();
  document.addEventListener("visibilitychange", ask, { signal: ended.signal });
  addEventListener("online", ask, { signal: ended.signal });
  refreshes.addEventListener(name, ask, { signal: ended.signal });
  return () => {
    ended.abort();
    clearTimeout(timer);
  };
}

/** @returns whether there is nothing to ask for any more */
async function read<Name extends OperationName>(
  entry: Entry,
  name: Name,
  sent: Sent<Name>,
  ended: AbortSignal,
): Promise<boolean> {
  const headers = entry.etag === null ? {} : { "if-none-match": entry.etag };
  const { changes } = entry;
  try {
    const reply = await call(name, { ...sent, headers, signal: ended });
    if (entry.changes !== changes) return false;
    if (reply.status === 304) entry.state.value = { data: entry.state.value.data, error: undefined };
    else {
      entry.etag = reply.etag;
      entry.state.value = { data: reply.data, error: undefined };
    }
    return false;
  } catch (error) {
    if (ended.aborted) return true;
    const failed = asApiError(error);
    const isGone = failed.status === 404 || failed.failure === "signed-out";
    entry.state.value = { data: failed.status === 404 ? undefined : entry.state.value.data, error: failed };
    return isGone;
  }
}
