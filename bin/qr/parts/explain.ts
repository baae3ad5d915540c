import { QrServiceError } from "../../../clients/typescript/src/index.ts";
import { Failure } from "./exit.ts";

/** What helps against a status. */
const REMEDIES: Record<number, string> = {
  401: "QR_TOKEN was refused: it has expired, was revoked, or is of another service. Set a new one",
  403: "QR_TOKEN may not do this: set one that has the scope and the tenant",
  413: "this is more than the service takes at once",
  429: "the service takes no more requests now: try again later",
  503: "the service can't answer now: try again later",
};

/** A failure in a line, and one more for each field that the service names. */
export function explain(error: unknown): string {
  if (error instanceof QrServiceError) return ofService(error);
  if (error instanceof Failure) return error.message;
  if (error instanceof Error && isNoAnswer(error))
    return `the service does not answer (${reasonOf(error)}): is it started, and is QR_URL right?`;
  if (isSystemError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function ofService({ status, problem, message }: QrServiceError): string {
  const remedy = REMEDIES[status];
  const said = problem ? `${problem.detail} (${status})` : message;
  const fields = (problem?.errors ?? []).map(
    ({ path, message: reason }) => `  ${path.replace(/^set\./, "")}: ${reason}`,
  );
  return [remedy ? `${remedy}: ${said}` : said, ...fields].join("\n");
}

/** Whether `fetch` got no reply. */
export function isNoAnswer(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === "TimeoutError" || error.message === "fetch failed" || error.message === "terminated")
  );
}

/** Why nobody answered, in a few words. */
export function reasonOf(error: Error): string {
  if (error.name === "TimeoutError") return "no reply in time";
  const { cause } = error;
  // An address with both families fails once for each.
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (first instanceof Error) return (first as NodeJS.ErrnoException).code ?? first.message;
  return error.message;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
