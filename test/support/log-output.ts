import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { createInterface } from "node:readline";
import { linesOf } from "./log-capture.ts";
import { collectLine } from "./log-recorder.ts";

/*
 * Loaded before each test file: collects what the service writes, here and in the processes that a test starts.
 */

/** The log, and what a start tells of its progress. */
const LOGGED = /^[{…]/;

/**
 * A terminal is told other things, too, on the standard output and on purpose: a token to copy, and commands that
 * hold URLs. None of that is a log.
 */
const collectors = {
  stdout: (line: string) => void (LOGGED.test(line) && collectLine(line)),
  stderr: (line: string) => void (line.trim() !== "" && collectLine(line)),
};

// https://nodejs.org/api/diagnostics_channel.html#child-process
subscribe("child_process", (message) => {
  const { process: child } = message as { process: ChildProcess };
  child.once("spawn", () => {
    if (child.spawnfile !== process.execPath) return;
    for (const [name, collect] of Object.entries(collectors)) {
      const input = child[name as keyof typeof collectors];
      if (input) createInterface({ input }).on("line", collect);
    }
  });
});

// Structured lines only: vitest speaks to its main process by other means, and prints by this one.
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    linesOf(chunk).forEach(collectLine);
    return write(chunk, ...rest);
  };
}
