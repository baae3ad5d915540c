import type { Log } from "../../functions/shared/telemetry/log.ts";

export interface LogRecorder extends Log {
  readonly lines: { level: string; message: string; fields: Record<string, unknown> }[];
}

/** A log that keeps its lines. */
export function recordLog(): LogRecorder {
  const lines: LogRecorder["lines"] = [];
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
