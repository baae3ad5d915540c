import { CommandError } from "../reply.ts";
import type { StreamEntry, StreamId } from "../store.ts";
import { integer } from "./command.ts";

export const formatId = ({ ms, seq }: StreamId) => `${ms}-${seq}`;

/** Reads `<ms>-<seq>` or `<ms>`, for which the sequence number is `seq`. */
export function parseId(text: string, seq: number): StreamId {
  const [, ms, given] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (ms === undefined) throw new CommandError("ERR Invalid stream ID specified as stream command argument");
  return { ms: Number(ms), seq: given === undefined ? seq : Number(given) };
}

/** The ID after `last` for an entry that is added at `now`: the clock may stand still or run backwards. */
export function nextId(last: StreamId, now: number): StreamId {
  return now > last.ms ? { ms: now, seq: 0 } : { ms: last.ms, seq: last.seq + 1 };
}

/** Negative if `a` comes first, 0 if they are the same. */
export const compareIds = (a: StreamId, b: StreamId) => a.ms - b.ms || a.seq - b.seq;

/** The number of entries before `id`, which is the position of `id` if it is there. */
export function positionOf(entries: StreamEntry[], id: StreamId): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && compareIds(entry.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first ID of a range. `-` and `+` are the smallest and the greatest ID; `(` excludes its ID. */
export function rangeStart(text: string): StreamId {
  if (text === "-") return { ms: 0, seq: 0 };
  if (text === "+") return { ms: Infinity, seq: Infinity };
  return text.startsWith("(") ? after(parseId(text.slice(1), 0)) : parseId(text, 0);
}

/** The ID just behind the last one of a range. */
export function rangeEnd(text: string): StreamId {
  if (text === "-" || text === "+") return after(rangeStart(text));
  return text.startsWith("(") ? parseId(text.slice(1), Infinity) : after(parseId(text, Infinity));
}

/** The value of a COUNT clause; everything if there is none. */
export function parseCount(words: string[]): number {
  if (words.length === 0) return Infinity;
  const [name, count] = words;
  if (words.length !== 2 || name?.toUpperCase() !== "COUNT") throw new CommandError("ERR syntax error");
  return integer(count);
}

const after = ({ ms, seq }: StreamId): StreamId => ({ ms, seq: seq + 1 });
