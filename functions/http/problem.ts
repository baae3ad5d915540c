import { Invalid, type ProblemKind, ServiceError } from "../../core/errors.ts";
import { describeError, type Log } from "../../core/telemetry/log.ts";
import { warnOncePerMinute } from "../../core/telemetry/repeated-warning.ts";
import { PROBLEMS } from "./problems.ts";
import type { HttpReply } from "./reply.ts";

/** Seconds after which a client may try again, by the kind of problem. */
const RETRY_AFTER_S: Partial<Record<ProblemKind, string>> = { busy: "1", unavailable: "2" };

/**
 * Turns whatever was thrown into an RFC 9457 reply. An error that is not a `ServiceError` is a defect: it is logged
 * whole, and the caller learns nothing of it but the request's ID. A server that does not answer is logged once a
 * minute, however many requests meet it.
 */
export function problemReply(error: unknown, requestId: string, log: Log): HttpReply {
  const expected = error instanceof ServiceError ? error : parserError(error);
  if (!expected) log.error("unexpected error", { requestId, error: describeError(error) });
  else if (expected.kind === "unavailable") {
    warnOncePerMinute(log, expected.message, expected, { requestId });
  }
  return problem(expected?.kind ?? "internal", requestId, expected?.message, expected?.errors);
}

/** An RFC 9457 reply of the given kind. `added` are members of this kind's own. */
export function problem(
  kind: ProblemKind,
  requestId: string,
  detail?: string,
  errors?: ServiceError["errors"],
  added?: Record<string, unknown>,
): HttpReply {
  const { status, title } = PROBLEMS[kind];
  return {
    statusCode: status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(RETRY_AFTER_S[kind] === undefined ? {} : { "retry-after": RETRY_AFTER_S[kind] }),
    },
    body: JSON.stringify({
      type: `urn:problem:qr-service:${kind}`,
      title,
      status,
      detail: detail ?? "something went wrong on our side",
      requestId,
      errors,
      ...added,
    }),
  };
}

/** What middy's body parser throws, in this service's terms. */
function parserError(error: unknown): ServiceError | undefined {
  const {
    statusCode,
    message: reason,
    cause,
  } = error as Error & {
    statusCode?: number;
    cause?: { package?: string; data?: unknown };
  };
  if (cause?.package !== "@middy/http-json-body-parser") return undefined;
  // A key that could reach a prototype is refused before the schema would name it.
  if (reason === "Forbidden key in JSON body") {
    return new Invalid([{ path: String(cause.data), message: "is not a known field" }], { cause: error });
  }
  const unsupported = statusCode === 415;
  const message = unsupported ? "must be sent as application/json" : "is not well-formed JSON";
  return new ServiceError(unsupported ? "unsupported-media-type" : "invalid", `body: ${message}`, {
    cause: error,
    errors: [{ path: unsupported ? "content-type" : "body", message }],
  });
}
