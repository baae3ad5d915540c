import type { Context } from "aws-lambda";
import type { Route } from "../../functions/manifest.ts";

/** As much of an invocation's context as the handlers use. */
export function invocation(requestId: string, { name, timeoutS }: Pick<Route, "name" | "timeoutS">): Context {
  const deadline = Date.now() + timeoutS * 1_000;
  return {
    awsRequestId: requestId,
    functionName: name,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  } as Context;
}
