import type { Problem } from "./schema.ts";

/** What the service, or a gateway in front of it, refused. */
export class QrServiceError extends Error {
  override readonly name = "QrServiceError";
  readonly status: number;
  /** The RFC 9457 problem; absent where something in front of the service answered. */
  readonly problem: Problem | undefined;

  constructor(status: number, problem: Problem | undefined) {
    super(problem ? `${status} ${problem.title}: ${problem.detail}` : `the service answered ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** The error that a reply stands for. */
export async function errorOf(reply: Response): Promise<QrServiceError> {
  const isProblem = reply.headers.get("content-type")?.startsWith("application/problem+json");
  const text = await reply.text();
  return new QrServiceError(reply.status, isProblem && text ? (JSON.parse(text) as Problem) : undefined);
}
