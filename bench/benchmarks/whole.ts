import { CacheKeys } from "../../data/redis/keys.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { addCodes, qrId } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { requestBytes } from "../http-connection.ts";
import { ours } from "../peers/ours.ts";
import { cpuMicros } from "../peers/peer.ts";
import { settledCount } from "../peers/settled-count.ts";
import {
  type Generator,
  type Measured,
  overMany,
  overOne,
  ownLoop,
  type Round,
  type RoundSamples,
  samplesOf,
  takingTurns,
  wrkLoop,
} from "../rounds.ts";
import { withServers } from "../servers.ts";
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
  /** Round by round: the rate and the median at one connection, as parts of those of the scan's own process. */
  shareOfAlone: Sample;
  medianOverAlone: Sample;
  /** Scans that `npm start` answered, those of them that did not get to Postgres, and how long the last of a load took, in seconds. */
  answered: number;
  lost: number;
  drained: Sample;
}

const CONNECTIONS = 32;

/** Time without another persisted scan after which none is expected, in milliseconds. */
const STILL_MS = 2_000;

/** A process of a round, which both are there for as long as it lasts. */
interface Contender {
  server: Measured;
  path: string;
  /** Called after each load: the next one begins where there is no backlog. */
  settle(): Promise<unknown>;
}

/**
 * One scan's process, without relay and consumer, and beside it `npm start`. Both are started anew for each round, and loaded
 * in turns within seconds, since a shared machine is faster at one minute than at another.
 */
export async function whole(
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: (line: string) => void,
): Promise<Whole> {
  const version = await wrkVersion();
  const results: Record<Subject, Round[]> = { alone: [], whole: [] };
  const drained: number[] = [];
  let [answered, lost] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    await withServers(async (servers) => {
      await addCodes(servers, 1, 1);
      await withChild("service.ts", servers.env, async (server) => {
        const peer = await ours();
        try {
          const waits: number[] = [];
          let counted = 0;
          const contenders: Record<Subject, Contender> = {
            alone: {
              server,
              path: `/scan/${qrId(0, 0)}`,
              settle: () => servers.redis.del(CacheKeys.outbox),
            },
            whole: {
              server: { port: peer.port, cpuMicros: async () => cpuMicros([peer.pid()], false) },
              path: peer.path,
              async settle() {
                const settled = await settledCount(peer, STILL_MS);
                waits.push(settled.seconds);
                counted = settled.counted;
              },
            },
          };
          const measured = await inTurns(contenders, round, seconds, version !== undefined);
          for (const subject of SUBJECTS) {
            results[subject].push(measured[subject]);
            progress(`whole: ${subject}: ${figure(measured[subject].perSecond)} a second`);
          }
          lost += Math.max(0, measured.whole.answered - counted);
          answered += measured.whole.answered;
          drained.push(Math.max(...waits));
        } finally {
          await peer.stop();
        }
      });
    });
  }
  const overAlone = (key: "perSecond" | "medianAtOne") =>
    sample(results.whole.map((result, index) => result[key] / (results.alone[index] as Round)[key]));
  return {
    connections: CONNECTIONS,
    rounds,
    wrk: version,
    subjects: { alone: samplesOf(results.alone), whole: samplesOf(results.whole) },
    shareOfAlone: overAlone("perSecond"),
    medianOverAlone: overAlone("medianAtOne"),
    answered,
    lost,
    drained: sample(drained),
  };
}

/** Warms both up by the project's own loop, and then measures them by `wrk` where there is one. */
async function inTurns(
  contenders: Record<Subject, Contender>,
  round: number,
  seconds: number,
  byWrk: boolean,
): Promise<Record<Subject, Round>> {
  const load = async <T>(work: (contender: Contender) => Promise<T>): Promise<Record<Subject, T>> => {
    const found: Partial<Record<Subject, T>> = {};
    for (const subject of takingTurns(SUBJECTS, round)) {
      found[subject] = await work(contenders[subject]);
      await contenders[subject].settle();
    }
    return found as Record<Subject, T>;
  };
  const own = (path: string): Generator => {
    const request = requestBytes("GET", path, { "user-agent": PHONE });
    return ownLoop({ status: 302, request: () => request });
  };
  const generator = (path: string) =>
    byWrk ? wrkLoop({ path: () => path, paths: 1, userAgent: PHONE }) : own(path);

  const warm = await load(({ server, path }) => own(path)(server.port, CONNECTIONS, 2 * seconds));
  const many = await load(({ server, path }) => overMany(server, generator(path), CONNECTIONS, seconds));
  const one = await load(({ server, path }) => overOne(server, generator(path), seconds));
  const resultOf = (subject: Subject): Round => ({
    ...many[subject],
    ...one[subject],
    answered: warm[subject].requests + many[subject].answered + one[subject].answered,
  });
  return { alone: resultOf("alone"), whole: resultOf("whole") };
}
