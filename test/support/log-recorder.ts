import { expect, inject } from "vitest";
import type { Log } from "../../core/telemetry/log.ts";
import { type LogCollector, logCollector } from "./log-collection.ts";

export interface LogRecorder extends Log {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[];
}

/** A log that keeps its lines, all of which are checked for secrets at the end of the run. */
export function recordLog(): LogRecorder {
  const lines: LogRecorder["lines"] = [];
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      const line = { level, message, fields };
      lines.push(line);
      collectLine(JSON.stringify(line));
    };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

let collector: LogCollector | undefined;

/** Hands a line of the service's log to the check at the end of the run. */
export function collectLine(line: string): void {
  collecting()?.add({ suite: expect.getState().testPath ?? "unknown", line });
}

/** Values that no line of this run's log may hold. */
export function keepOutOfLogs(secrets: (string | undefined)[]): void {
  for (const secret of secrets) if (secret) collecting()?.addSecret(secret);
}

/** `undefined` in a run without the global set-up, which checks nothing. */
function collecting(): LogCollector | undefined {
  const folder: string | undefined = inject("logFolder");
  if (folder) collector ??= logCollector(folder);
  return collector;
}
