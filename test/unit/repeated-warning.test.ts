import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Unavailable } from "../../core/errors.ts";
import { warnOncePerMinute } from "../../core/telemetry/repeated-warning.ts";
import { problemReply } from "../../functions/http/problem.ts";
import { type LogRecorder, recordLog } from "../support/log-recorder.ts";

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = () => Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
const down = (cause: Error) => new Unavailable("the database", { cause });

/** Many requests that meet the same. */
function replies(log: LogRecorder, cause: () => Error, count: number): void {
  for (let index = 0; index < count; index++) problemReply(down(cause()), `request-${index}`, log);
}

describe("503s that repeat", () => {
  it("are logged in full at once and then counted, in a line a minute, for as long as they come", () => {
    const log = recordLog();
    replies(log, refused, 1_000);
    const message = "the database does not answer; try again shortly";
    expect(log.lines).toMatchObject([
      {
        level: "warn",
        message,
        fields: { requestId: "request-0", error: { cause: { code: "ECONNREFUSED" } } },
      },
    ]);
    vi.advanceTimersByTime(MINUTE_MS);
    replies(log, refused, 5);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(log.lines.slice(1)).toEqual([
      { level: "warn", message, fields: { cause: "ECONNREFUSED", repeated: 999, withinS: 60 } },
      { level: "warn", message, fields: { cause: "ECONNREFUSED", repeated: 5, withinS: 60 } },
    ]);
  });

  it("are logged in full again after a minute without any", () => {
    const log = recordLog();
    replies(log, refused, 1);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(log.lines).toHaveLength(1);
    replies(log, refused, 1);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[1]?.fields).toHaveProperty("error.stack");
    vi.advanceTimersByTime(10 * MINUTE_MS);
    expect(log.lines).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("of another cause have lines of their own", () => {
    const log = recordLog();
    const causes = [refused, () => new Error("Query read timeout"), () => new Error("Connection terminated")];
    for (let round = 0; round < 3; round++) for (const cause of causes) replies(log, cause, 2);
    expect(log.lines.map(({ fields }) => fields)).toMatchObject([
      { error: { cause: { message: "connect refused" } } },
      { error: { cause: { message: "Query read timeout" } } },
      { error: { cause: { message: "Connection terminated" } } },
    ]);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(log.lines.slice(3).map(({ fields }) => [fields.cause, fields.repeated])).toEqual([
      ["ECONNREFUSED", 5],
      ["Query read timeout", 5],
      ["Connection terminated", 5],
    ]);
  });

  it("are counted for each log, and tell no address", () => {
    const [one, other] = [recordLog(), recordLog()];
    const error = new Error("no answer from postgresql://user:secret@10.0.0.1/qr?x=secret");
    for (const log of [one, other, one]) warnOncePerMinute(log, "an idle connection broke", error);
    expect([one.lines.length, other.lines.length]).toEqual([1, 1]);
    vi.advanceTimersByTime(MINUTE_MS);
    expect([one.lines.length, other.lines.length]).toEqual([2, 1]);
    expect(JSON.stringify(one.lines)).not.toContain("secret");
  });
});
