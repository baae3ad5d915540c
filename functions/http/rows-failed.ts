import * as z from "zod";
import { type FieldError, ServiceError } from "../../core/errors.ts";
import { component } from "./operation.ts";
import { problem } from "./problem.ts";
import type { HttpReply } from "./reply.ts";

/** Most failures that a reply names. */
export const MAX_FAILURES = 1_000;

/** What is wrong with one row of a file, or with one of the chosen codes. */
export interface RowFailure extends FieldError {
  /** Where the row begins in the file: 1 is its first line. Of JSON its place in the list, from 1. */
  line?: number;
  qrId?: string;
}

export const rowFailure = component(
  "RowFailure",
  z.object({
    line: z
      .int()
      .min(1)
      .optional()
      .meta({ description: "of the file, where the row begins; of JSON its place in the list" }),
    qrId: z.string().optional(),
    path: z.string().meta({ description: "the field" }),
    message: z.string(),
  }),
);

/** Some of many codes can't be written, and so none is. */
export class RowsFailed extends ServiceError {
  readonly failed: number;
  readonly failures: RowFailure[];

  /** @param failed how many rows failed, each with one failure or several */
  constructor(failed: number, failures: RowFailure[], what: string) {
    const [first] = failures;
    const place = first?.line === undefined ? first?.qrId : `line ${first.line}`;
    super(
      "invalid",
      `${failed} ${what} failed, and nothing was changed; ${place}, ${first?.path}: ${first?.message}`,
    );
    this.failed = failed;
    this.failures = failures.slice(0, MAX_FAILURES);
  }
}

/** The reply to a request whose rows may fail. */
export async function withFailures(requestId: string, work: () => Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RowsFailed)) throw error;
    const { failed, failures } = error;
    return problem(error.kind, requestId, error.message, undefined, { failed, failures });
  }
}
