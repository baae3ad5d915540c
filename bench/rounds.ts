import type { ChildServer } from "./child-process.ts";
import { type ClosedLoop, closedLoop } from "./closed-loop.ts";
import { type Sample, sample } from "./statistics.ts";
import { type WrkLoad, wrk } from "./wrk.ts";

interface Figures {
  /** Requests a second over many connections. */
  perSecond: number;
  /** CPU time of the server's process for each of them, all threads. */
  cpuMicros: number;
  /** Milliseconds, over many connections and over one. */
  p99: number;
  medianAtOne: number;
}

/** One process, freshly started. */
export interface Round extends Figures {
  /** Requests in all, those of the warm-up and those over one connection too. */
  answered: number;
}

export type RoundSamples = Record<keyof Figures, Sample>;

type Measured = Pick<ChildServer, "port" | "cpuMicros">;

/**
 * Measures a process that was just started.
 *
 * @param seconds of load over many connections, after a warm-up of twice as long: it takes V8 so long to compile what is hot
 * @param prepare called before each load that counts
 */
export async function measureRound(
  server: Measured,
  request: Omit<ClosedLoop, "port">,
  seconds: number,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Round> {
  const load = { ...request, port: server.port };
  const warmUp = await closedLoop({ ...load, seconds: 2 * seconds });
  await prepare();
  const cpuBefore = await server.cpuMicros();
  const many = await closedLoop({ ...load, seconds });
  const cpu = (await server.cpuMicros()) - cpuBefore;
  await prepare();
  const one = await closedLoop({ ...load, connections: 1, seconds: seconds / 2 });
  return {
    perSecond: many.requests / many.seconds,
    cpuMicros: cpu / many.requests,
    p99: many.latency.p99,
    medianAtOne: one.latency.p50,
    answered: warmUp.requests + many.requests + one.requests,
  };
}

/** The same by `wrk`, of a process that is warm. */
export async function measureRoundByWrk(
  server: Measured,
  requests: Pick<WrkLoad, "path" | "paths" | "userAgent" | "connections">,
  seconds: number,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Round> {
  const load = { ...requests, port: server.port };
  await prepare();
  const cpuBefore = await server.cpuMicros();
  const many = await wrk({ ...load, seconds });
  const cpu = (await server.cpuMicros()) - cpuBefore;
  await prepare();
  const one = await wrk({ ...load, connections: 1, seconds: seconds / 2 });
  return {
    perSecond: many.requests / many.seconds,
    cpuMicros: cpu / many.requests,
    p99: many.p99,
    medianAtOne: one.p50,
    answered: many.requests + one.requests,
  };
}

export function samplesOf(rounds: readonly Round[]): RoundSamples {
  const of = (key: keyof Figures) => sample(rounds.map((round) => round[key]));
  return {
    perSecond: of("perSecond"),
    cpuMicros: of("cpuMicros"),
    p99: of("p99"),
    medianAtOne: of("medianAtOne"),
  };
}

/** So that what comes later in a round is not always the same. */
export function takingTurns<Subject>(subjects: readonly Subject[], round: number): readonly Subject[] {
  return round % 2 === 1 ? subjects : subjects.toReversed();
}
