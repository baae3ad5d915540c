import { RedisFailure, type RedisFailureReason } from "./port.ts";

/** Turns a Redis failure into a result, and lets any other error pass. */
export async function asResult<T>(work: () => Promise<T>): Promise<T | { result: RedisFailureReason }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RedisFailure) return { result: error.reason };
    throw error;
  }
}
