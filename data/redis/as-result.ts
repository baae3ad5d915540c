import { RedisFailure, type RedisFailureReason } from "./port.ts";

/** A Redis failure as a result. @throws the error itself if it is any other */
export function asFailure(error: unknown): { result: RedisFailureReason } {
  if (error instanceof RedisFailure) return { result: error.reason };
  throw error;
}

/** Turns a Redis failure into a result, and lets any other error pass. */
export async function asResult<T>(work: () => Promise<T>): Promise<T | { result: RedisFailureReason }> {
  try {
    return await work();
  } catch (error) {
    return asFailure(error);
  }
}
