import type { Problem } from "../../clients/typescript/src/schema.ts";

/** Why a request has no answer: nobody answered, the service can't at the moment, or it will not. */
export type Failure = "offline" | "unavailable" | "signed-out" | "refused";

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: Failure;
  /** 0 where nobody answered. */
  readonly status: number;
  readonly problem: Problem | undefined;
  /** Of the code that a refusal shows. */
  readonly etag: string | null;

  constructor(
    failure: Failure,
    status: number,
    problem?: Problem,
    { etag = null, ...options }: ErrorOptions & { etag?: string | null } = {},
  ) {
    super(problem?.detail ?? failure, options);
    this.etag = etag;
    this.failure = failure;
    this.status = status;
    this.problem = problem;
  }

  /** What is wrong with each field, by its name; what belongs to none of `names` stays under an empty one. */
  fieldErrors(names: readonly string[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { path, message } of this.problem?.errors ?? []) {
      const [field = ""] = path.split(/[.[]/);
      const name = names.includes(field) ? field : "";
      found[name] ??= name === "" ? `${path} ${message}` : message;
    }
    return found;
  }
}

/** Any error as one of the API's; whatever is none is a defect, and is thrown on. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  throw error;
}
