/** One thing that is wrong with a request: `path` is a field, a query parameter, a header or `body`. */
export interface FieldError {
  path: string;
  message: string;
}

/** Every way in which a request can fail. Anything else that is thrown is a defect (`internal`). */
export type ProblemKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "method-not-allowed"
  | "request-timeout"
  | "conflict"
  | "gone"
  | "precondition-failed"
  | "too-large"
  | "unsupported-media-type"
  | "too-broad"
  | "unscannable"
  | "rate-limited"
  | "headers-too-large"
  | "internal"
  | "not-implemented"
  | "busy"
  | "unavailable";

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

/** How many of the places that are wrong are named. */
export const MAX_NAMED_ERRORS = 20;

/** The request breaks a rule; `errors` names each place, or the first of them where there are many. */
export class Invalid extends ServiceError {
  constructor(errors: FieldError[], options: ErrorOptions = {}) {
    const named = errors.slice(0, MAX_NAMED_ERRORS);
    const more = errors.length - named.length;
    const details = named.map(({ path, message }) => `${path}: ${message}`);
    super("invalid", [...details, ...(more > 0 ? [`and ${more} more`] : [])].join("; "), {
      ...options,
      errors: named,
    });
  }
}

/** The picture would be one that scanners may not read. */
export class Unscannable extends ServiceError {
  constructor(errors: FieldError[]) {
    super("unscannable", errors.map(({ path, message }) => `${path} ${message}`).join("; "), { errors });
  }
}

/** No such code for this caller: it never existed, was deleted, or belongs to another tenant. All look alike. */
export class NotFound extends ServiceError {
  constructor(qrId: string) {
    super("not-found", `there is no code ${qrId}`);
  }
}

/** The caller is known, and its credentials do not hold the scope that this takes. */
export class LacksScope extends ServiceError {
  readonly scope: string;

  constructor(scope: string) {
    super("forbidden", `the scope ${scope} is required`);
    this.scope = scope;
  }
}

/** As what it is called where it does not answer. */
export const DATABASE = "the database";

/** A dependency that this request can't do without does not answer. */
export class Unavailable extends ServiceError {
  readonly what: string;

  constructor(what: string, options: ErrorOptions = {}) {
    super("unavailable", `${what} does not answer; try again shortly`, options);
    this.what = what;
  }
}

/** A request that would take more than its share of the database, whenever it is sent: a narrower one is answered. */
export class TooBroad extends ServiceError {
  /** @param path the parameter that a narrower one would change: `q` of a search, or the `tag` of figures */
  constructor({ path = "q", ...options }: ErrorOptions & { path?: "q" | "tag" } = {}) {
    const message = TOO_BROAD[path];
    super("too-broad", `${path === "q" ? "the search" : "the tag"} ${message}`, {
      ...options,
      errors: [{ path, message }],
    });
  }
}

const TOO_BROAD = {
  q: "fits too many codes; give more of the text, or a tag or status that fewer codes have",
  tag: "has too many codes or scans for figures over this time; ask for fewer days, or for all codes",
};

/** This process has as much of this work as it takes on; everything it needs does answer. */
export class Busy extends ServiceError {
  constructor() {
    super("busy", "too many of these requests are under way; try again shortly");
  }
}
