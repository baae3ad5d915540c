import { randomBytes } from "node:crypto";

/*
 * The trace of a sampled scan, from the redirect to its row: each step knows the one before by the scan's `traceparent`
 * (https://www.w3.org/TR/trace-context/#traceparent-header). Few scans are sampled; the others carry nothing.
 */

/** A sampled trace and the step in it that comes next's parent. */
export const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

/** One step of a sampled scan, once it is done. */
export interface Span {
  /** The step before. */
  parent: string;
  /** 16 hexadecimal digits. */
  id: string;
  /** Of the scan: the primary key of its row. */
  eventId: string;
  /** Unix ms. */
  startMs: number;
  endMs: number;
}

/** Where spans go. */
export interface Traces {
  record(span: Span): void;
  /** Resolves when all that was recorded is on its way; never rejects. Called at the end of each invocation. */
  flush(): Promise<void>;
}

/** For a process whose traces are not collected. */
export const noTraces: Traces = { record() {}, async flush() {} };

/** The `traceparent` of the step `id` in the trace of `parent`; `undefined` if `parent` is none. */
export function nextTraceparent(parent: string, id: string): string | undefined {
  const [, traceId] = TRACEPARENT.exec(parent) ?? [];
  return traceId && `00-${traceId}-${id}-01`;
}

/** As Lambda writes it; behind it may stand more. */
const SAMPLED = /^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1/;

/**
 * The `traceparent` that X-Ray's tracing header stands for; `undefined` unless it says that the trace is sampled.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function fromXRay(header: string | undefined): string | undefined {
  const [, time, random, parent] = (header && SAMPLED.exec(header)) || [];
  return time && `00-${time}${random}-${parent}-01`;
}

export function newSpanId(): string {
  return randomBytes(8).toString("hex");
}
