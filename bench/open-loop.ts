import type { LoadResult } from "./closed-loop.ts";
import { HttpConnection } from "./http-connection.ts";
import { Latencies } from "./latencies.ts";

export interface OpenLoop {
  port: number;
  /** Requests a second that are offered, whether or not earlier ones are answered. */
  rate: number;
  seconds: number;
  /** At most so many are under way; the others wait, and their wait counts as latency. */
  connections: number;
  request(n: number): Buffer;
  status: number;
}

export interface OpenLoopResult extends LoadResult {
  /** Replies with another status, and broken connections. */
  failures: number;
}

/**
 * Arrivals at a fixed rate. A request's latency counts from when it was due: a server that stalls is charged for all
 * who would have come meanwhile (coordinated omission, http://highscalability.com/blog/2015/10/5/your-load-generator-is-probably-lying-to-you-take-the-red-pi.html).
 */
export async function openLoop(load: OpenLoop): Promise<OpenLoopResult> {
  const idle = await Promise.all(
    Array.from({ length: load.connections }, () => HttpConnection.open(load.port)),
  );
  const all = [...idle];
  const latencies = new Latencies();
  const total = Math.round(load.rate * load.seconds);
  const startedAt = performance.now();
  const dueAt = (n: number) => startedAt + (n * 1_000) / load.rate;
  let sent = 0;
  let answered = 0;
  let failures = 0;

  const sendDue = () => {
    const now = performance.now();
    while (sent < total && dueAt(sent) <= now) {
      const connection = idle.pop();
      if (!connection) return;
      const due = dueAt(sent);
      connection.send(load.request(sent++), (status) => {
        latencies.record(performance.now() - due);
        answered += 1;
        if (status !== load.status) failures += 1;
        idle.push(connection);
        sendDue();
      });
    }
  };
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      sendDue();
      if (answered < total) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const connection of all) connection.close();
  return { requests: answered, failures, seconds, latency: latencies.percentiles() };
}
