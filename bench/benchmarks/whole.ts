import { CacheKeys } from "../../data/redis/keys.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { addCodes, qrId } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { requestBytes } from "../http-connection.ts";
import { ours } from "../peers/ours.ts";
import { cpuMicros } from "../peers/peer.ts";
import { settledCount } from "../peers/settled-count.ts";
import { measureRound, measureRoundByWrk, type Round, type RoundSamples, samplesOf } from "../rounds.ts";
import { type Servers, withServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";
import { figure } from "../table.ts";
import { wrkVersion } from "../wrk.ts";

const SUBJECTS = ["alone", "whole"] as const;
type Subject = (typeof SUBJECTS)[number];

export interface Whole {
  connections: number;
  rounds: number;
  /** `wrk`'s version, if it was the generator. */
  wrk?: string | undefined;
  /** A scan's own process beside Redis, and `npm start` with all that it starts. */
  subjects: Record<Subject, RoundSamples>;
  /** Round by round. */
  shareOfAlone: Sample;
  /** Scans that `npm start` answered, those of them that did not get to Postgres, and how long the last of a load took, in seconds. */
  answered: number;
  lost: number;
  drained: Sample;
}

const CONNECTIONS = 32;

/** Time without another persisted scan after which none is expected, in milliseconds. */
const STILL_MS = 2_000;

/** One scan's process, without relay and consumer, and beside it in the same run `npm start`. */
export async function whole(
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: (line: string) => void,
): Promise<Whole> {
  const version = await wrkVersion();
  const results: Record<Subject, Round[]> = { alone: [], whole: [] };
  const drained: number[] = [];
  let [answered, lost] = [0, 0];
  const note = (subject: Subject, round: Round) => {
    results[subject].push(round);
    progress(`whole: ${subject}: ${figure(round.perSecond)} a second`);
  };
  for (let round = 1; round <= rounds; round++) {
    note("alone", await withServers((servers) => alone(servers, seconds, version !== undefined)));
    const peer = await ours();
    const waits: number[] = [];
    const settle = async () => {
      const settled = await settledCount(peer, STILL_MS);
      waits.push(settled.seconds);
      return settled.counted;
    };
    try {
      const pid = peer.pid();
      const server = { port: peer.port, cpuMicros: async () => cpuMicros([pid], false) };
      const result = await measured(server, peer.path, seconds, version !== undefined, settle);
      note("whole", result);
      lost += Math.max(0, result.answered - (await settle()));
      answered += result.answered;
      drained.push(Math.max(...waits));
    } finally {
      await peer.stop();
    }
  }
  const pairs = results.whole.map(
    (result, index) => result.perSecond / (results.alone[index] as Round).perSecond,
  );
  return {
    connections: CONNECTIONS,
    rounds,
    wrk: version,
    subjects: { alone: samplesOf(results.alone), whole: samplesOf(results.whole) },
    shareOfAlone: sample(pairs),
    answered,
    lost,
    drained: sample(drained),
  };
}

async function alone(servers: Servers, seconds: number, byWrk: boolean): Promise<Round> {
  await addCodes(servers, 1, 1);
  const forgetEvents = () => servers.redis.del(CacheKeys.outbox);
  return withChild("service.ts", servers.env, (server) =>
    measured(server, `/scan/${qrId(0, 0)}`, seconds, byWrk, forgetEvents),
  );
}

/**
 * Warms a process up by the project's own loop, and measures it by `wrk` where there is one.
 *
 * @param prepare called before each load that counts: a burst begins where there is no backlog
 */
async function measured(
  server: Parameters<typeof measureRound>[0],
  path: string,
  seconds: number,
  byWrk: boolean,
  prepare: () => Promise<unknown>,
): Promise<Round> {
  const request = requestBytes("GET", path, { "user-agent": PHONE });
  const load = { connections: CONNECTIONS, status: 302, request: () => request };
  if (!byWrk) return measureRound(server, load, seconds, prepare);
  const warmUp = await closedLoop({ ...load, port: server.port, seconds: 2 * seconds });
  const requests = { connections: CONNECTIONS, path: () => path, paths: 1, userAgent: PHONE };
  const round = await measureRoundByWrk(server, requests, seconds, prepare);
  return { ...round, answered: warmUp.requests + round.answered };
}
