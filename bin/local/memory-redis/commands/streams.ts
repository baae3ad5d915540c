import { CommandError, type Result, syntaxError } from "../reply.ts";
import type { Store, StreamEntry, ValueOf } from "../store.ts";
import { type CommandTable, command, integer, pairs } from "./command.ts";
import {
  compareIds,
  formatId,
  nextId,
  parseCount,
  parseId,
  positionOf,
  rangeEnd,
  rangeStart,
} from "./stream-ids.ts";

export const streamCommands: CommandTable = {
  XADD: command(4, Infinity, (store, key, id, ...list) => add(store, key, id, pairs(list))),
  XLEN: command(1, 1, (store, key) => store.find(key, "stream")?.entries.length ?? 0),
  XRANGE: command(3, 5, (store, key, start, end, ...count) =>
    range(store, key, start, end, parseCount(count)),
  ),
  XDEL: command(2, Infinity, (store, key, ...ids) => deleteEntries(store, key, ids)),
  XTRIM: command(3, 4, (store, key, ...words) => trim(store, key, words)),
};

function add(store: Store, key: string, id: string, entries: [string, string][]): string {
  if (id !== "*") throw new CommandError("ERR only * is supported as the ID of an entry");
  const found = store.find(key, "stream");
  const stream: ValueOf<"stream"> = found ?? { type: "stream", entries: [], lastId: { ms: 0, seq: 0 } };
  stream.lastId = nextId(stream.lastId, store.now);
  stream.entries.push({ id: stream.lastId, fields: entries.flat() });
  if (!found) store.put(key, stream);
  return formatId(stream.lastId);
}

function range(store: Store, key: string, start: string, end: string, count: number): Result {
  const [from, to] = [rangeStart(start), rangeEnd(end)];
  const stream = store.find(key, "stream");
  if (stream === undefined) return [];
  if (count <= 0) return null;
  const first = positionOf(stream.entries, from);
  const last = Math.min(positionOf(stream.entries, to), first + count);
  return stream.entries.slice(first, last).map(({ id, fields }) => [formatId(id), fields]);
}

function deleteEntries(store: Store, key: string, ids: string[]): number {
  const entries = store.find(key, "stream")?.entries ?? [];
  const deleted = ids
    .map((id) => parseId(id, 0))
    .filter((id) => {
      const position = positionOf(entries, id);
      const entry = entries[position];
      if (entry === undefined || compareIds(entry.id, id) !== 0) return false;
      entries.splice(position, 1);
      return true;
    });
  return deleted.length;
}

/** `~` lets Redis keep more than it must, to save work. There is no work to save here. */
function trim(store: Store, key: string, words: string[]): number {
  const [strategy = "", ...rest] = words;
  if (rest[0] === "~" || rest[0] === "=") rest.shift();
  const [threshold] = rest;
  if (threshold === undefined || rest.length > 1) throw syntaxError();
  const surplus = surplusBy(strategy.toUpperCase(), threshold);
  const entries = store.find(key, "stream")?.entries ?? [];
  return entries.splice(0, surplus(entries)).length;
}

/** How many of a stream's oldest entries have to go. */
function surplusBy(strategy: string, threshold: string): (entries: StreamEntry[]) => number {
  if (strategy === "MINID") {
    const id = parseId(threshold, 0);
    return (entries) => positionOf(entries, id);
  }
  if (strategy !== "MAXLEN") throw syntaxError();
  const length = integer(threshold);
  if (length < 0) throw new CommandError("ERR The MAXLEN argument must be >= 0.");
  return (entries) => Math.max(entries.length - length, 0);
}
