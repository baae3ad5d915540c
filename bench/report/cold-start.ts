import type { ColdStart } from "../benchmarks/cold-start.ts";
import { figure, table, withSpread } from "../table.ts";

export function coldStartReport({ processes, emptyReplyMs, functions, packages }: ColdStart): string {
  const kilobytes = (bytes: number) => figure(bytes / 1_000);
  const ofFunctions = table(
    ["function", "loaded at start, kB", "all, kB", "import above empty, ms", "first reply, ms"],
    [
      ["a handler that does nothing", "–", "–", "–", withSpread(emptyReplyMs)],
      ...functions.map(({ name, loadedAtStart, all, importMs, replyMs }) => [
        name,
        kilobytes(loadedAtStart),
        kilobytes(all),
        figure(importMs),
        replyMs ? withSpread(replyMs) : "–",
      ]),
    ],
  );
  const ofPackages = table(
    ["package, all of it", "kB", "import above empty, ms"],
    packages.map(({ name, all, importMs }) => [name, kilobytes(all), figure(importMs)]),
  );
  return `${ofFunctions}

Minified bytes, imports and replies of the assets with Upstash, played by a process of this machine over plain HTTP. Replies count
from the start of the process, with the cache filled.
Medians of ${processes} fresh processes in turns.

${ofPackages}`;
}
