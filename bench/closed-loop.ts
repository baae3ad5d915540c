import { HttpConnection } from "./http-connection.ts";
import { Latencies, type Percentiles } from "./latencies.ts";

export interface ClosedLoop {
  port: number;
  connections: number;
  /** The load ends after this time, or after so many requests, whichever comes first. */
  seconds?: number;
  requests?: number;
  /** The bytes of the n-th request. */
  request(n: number): Buffer;
  /** The only status that is right. */
  status: number;
}

export interface LoadResult {
  requests: number;
  seconds: number;
  /** Milliseconds from the first byte sent to the last byte received. */
  latency: Percentiles;
}

/**
 * Connections that each send a request as soon as the last one is answered.
 *
 * @throws Error with the reply, if one has another status
 */
export async function closedLoop(load: ClosedLoop): Promise<LoadResult> {
  const { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = load;
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => HttpConnection.open(load.port)),
  );
  const latencies = new Latencies();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1_000;
  let sent = 0;
  let answered = 0;

  const run = (connection: HttpConnection): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = () => {
        const sentAt = performance.now();
        if (sentAt >= endsAt || sent >= requests) return resolve();
        connection.send(load.request(sent++), (status, reply) => {
          latencies.record(performance.now() - sentAt);
          answered += 1;
          if (status === load.status) next();
          else reject(new Error(`${load.status} was expected, and this came:\n${reply}`));
        });
      };
      next();
    });

  try {
    await Promise.all(connections.map(run));
  } finally {
    for (const connection of connections) connection.close();
  }
  return {
    requests: answered,
    seconds: (performance.now() - startedAt) / 1_000,
    latency: latencies.percentiles(),
  };
}
