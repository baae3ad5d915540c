/** One thing that is wrong with a request: `path` is a field, a query parameter, a header or `body`. */
export interface FieldError {
  path: string;
  message: string;
}

/** Every way in which a request can fail, with its HTTP status. Anything else that is thrown is a defect (500). */
export const PROBLEMS = {
  invalid: { status: 400, title: "Invalid request" },
  unauthenticated: { status: 401, title: "Unauthenticated" },
  forbidden: { status: 403, title: "Forbidden" },
  "not-found": { status: 404, title: "Not found" },
  conflict: { status: 409, title: "Conflict" },
  gone: { status: 410, title: "Gone" },
  "too-large": { status: 413, title: "Content too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "headers-too-large": { status: 431, title: "Request header fields too large" },
  internal: { status: 500, title: "Internal error" },
  unavailable: { status: 503, title: "Temporarily unavailable" },
} as const;

export type ProblemKind = keyof typeof PROBLEMS;

/** An expected failure. `detail` is shown to the caller; the cause is only logged. */
export class ServiceError extends Error {
  readonly kind: ProblemKind;
  readonly errors: FieldError[] | undefined;

  constructor(kind: ProblemKind, detail: string, options: ErrorOptions & { errors?: FieldError[] } = {}) {
    super(detail, options);
    this.name = "ServiceError";
    this.kind = kind;
    this.errors = options.errors;
  }
}

/** The request breaks a rule; `errors` names each place. */
export class Invalid extends ServiceError {
  constructor(errors: FieldError[], options: ErrorOptions = {}) {
    super("invalid", errors.map(({ path, message }) => `${path}: ${message}`).join("; "), {
      ...options,
      errors,
    });
  }
}

/** No such code for this caller: it never existed, was deleted, or belongs to another tenant. All look alike. */
export class NotFound extends ServiceError {
  constructor(qrId: string) {
    super("not-found", `there is no code ${qrId}`);
  }
}

/** A dependency that this request can't do without does not answer. */
export class Unavailable extends ServiceError {
  constructor(what: string, options: ErrorOptions = {}) {
    super("unavailable", `${what} does not answer; try again shortly`, options);
  }
}
