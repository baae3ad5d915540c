import type { ProblemKind } from "../../core/errors.ts";

/** The HTTP status and title of each kind of problem. */
export const PROBLEMS = {
  invalid: { status: 400, title: "Invalid request" },
  unauthenticated: { status: 401, title: "Unauthenticated" },
  forbidden: { status: 403, title: "Forbidden" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "request-timeout": { status: 408, title: "Request timeout" },
  conflict: { status: 409, title: "Conflict" },
  gone: { status: 410, title: "Gone" },
  "precondition-failed": { status: 412, title: "Precondition failed" },
  "too-large": { status: 413, title: "Content too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "too-broad": { status: 422, title: "Too broad" },
  unscannable: { status: 422, title: "Would not scan" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "headers-too-large": { status: 431, title: "Request header fields too large" },
  internal: { status: 500, title: "Internal error" },
  "not-implemented": { status: 501, title: "Not implemented" },
  busy: { status: 503, title: "Too busy" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
} as const satisfies Record<ProblemKind, { status: number; title: string }>;
