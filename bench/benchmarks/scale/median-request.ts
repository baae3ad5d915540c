import type { ChildServer } from "../../child-process.ts";
import { closedLoop } from "../../closed-loop.ts";

/** So many requests make the code that answers them hot, and are not counted. */
const WARM_UP = 100;

/** The median of so many requests over one connection, in milliseconds. */
export async function medianRequest(
  { port }: ChildServer,
  { request, status }: { request(n: number): Buffer; status: number },
  requests: number,
): Promise<number> {
  const load = { port, connections: 1, status };
  await closedLoop({ ...load, requests: WARM_UP, request });
  const { latency } = await closedLoop({ ...load, requests, request: (n) => request(n + WARM_UP) });
  return latency.p50;
}
