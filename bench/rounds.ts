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

export type Measured = Pick<ChildServer, "port" | "cpuMicros">;

/** What sends requests to a port and reports their latency in milliseconds. */
export type Generator = (
  port: number,
  connections: number,
  seconds: number,
) => Promise<{ requests: number; seconds: number; p50: number; p99: number }>;

/** The project's own loop. */
export function ownLoop(load: Omit<ClosedLoop, "port" | "connections">): Generator {
  return async (port, connections, seconds) => {
    const { latency, ...result } = await closedLoop({ ...load, port, connections, seconds });
    return { ...result, p50: latency.p50, p99: latency.p99 };
  };
}

/** `wrk`, which sends the same bytes. */
export function wrkLoop(load: Omit<WrkLoad, "port" | "connections" | "seconds">): Generator {
  return (port, connections, seconds) => wrk({ ...load, port, connections, seconds });
}

/** A load over many connections. */
export async function overMany(
  server: Measured,
  generate: Generator,
  connections: number,
  seconds: number,
): Promise<Omit<Round, "medianAtOne">> {
  const cpuBefore = await server.cpuMicros();
  const many = await generate(server.port, connections, seconds);
  const cpu = (await server.cpuMicros()) - cpuBefore;
  return {
    perSecond: many.requests / many.seconds,
    cpuMicros: cpu / many.requests,
    p99: many.p99,
    answered: many.requests,
  };
}

/** A load over one connection, of half the time. */
export async function overOne(
  server: Measured,
  generate: Generator,
  seconds: number,
): Promise<Pick<Round, "medianAtOne" | "answered">> {
  const one = await generate(server.port, 1, seconds / 2);
  return { medianAtOne: one.p50, answered: one.requests };
}

/**
 * Measures a process that was just started.
 *
 * @param seconds of load over many connections, after a warm-up of twice as long: it takes V8 so long to compile what is hot
 * @param prepare called before each load that counts
 */
export async function measureRound(
  server: Measured,
  { connections = 1, ...request }: Omit<ClosedLoop, "port">,
  seconds: number,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Round> {
  const generate = ownLoop(request);
  const warmUp = await generate(server.port, connections, 2 * seconds);
  const round = await warmRound(server, generate, connections, seconds, prepare);
  return { ...round, answered: warmUp.requests + round.answered };
}

/** The same by `wrk`, of a process that is warm. */
export async function measureRoundByWrk(
  server: Measured,
  { connections, ...requests }: Pick<WrkLoad, "path" | "paths" | "userAgent" | "connections">,
  seconds: number,
  prepare: () => Promise<unknown> = async () => {},
): Promise<Round> {
  return warmRound(server, wrkLoop(requests), connections, seconds, prepare);
}

async function warmRound(
  server: Measured,
  generate: Generator,
  connections: number,
  seconds: number,
  prepare: () => Promise<unknown>,
): Promise<Round> {
  await prepare();
  const many = await overMany(server, generate, connections, seconds);
  await prepare();
  const one = await overOne(server, generate, seconds);
  return { ...many, ...one, answered: many.answered + one.answered };
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
