import { randomUUID } from "node:crypto";
import { CacheKeys } from "../../data/redis/keys.ts";
import { PHONE } from "../../test/support/user-agents.ts";
import { addCodes, qrId } from "../catalogue.ts";
import { startChild, withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { requestBytes } from "../http-connection.ts";
import {
  measureRound,
  measureRoundByWrk,
  type Round,
  type RoundSamples,
  samplesOf,
  takingTurns,
} from "../rounds.ts";
import { startServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";
import { figure } from "../table.ts";
import { wrkVersion } from "../wrk.ts";

const CODES = 100;

const pathOf = (code: number) => `/scan/${qrId(0, code)}`;

const REQUESTS = Array.from({ length: CODES }, (_, code) =>
  requestBytes("GET", pathOf(code), { "user-agent": PHONE }),
);

const LOAD = {
  connections: 32,
  request: (n: number) => REQUESTS[n % CODES] as Buffer,
  status: 302,
};

const WRK_LOAD = { connections: LOAD.connections, path: pathOf, paths: CODES, userAgent: PHONE };

/** An event of the usual size: what a scan by a phone captures. */
const EVENT = JSON.stringify({
  eventId: randomUUID(),
  qrId: qrId(0, 0),
  occurredAt: Date.now(),
  bot: false,
  country: null,
  userAgent: PHONE,
  referrerHost: null,
  visitor: "AAAAAAAAAAAAAAAA",
});

export const SUBJECTS = {
  redirect: { title: "a redirect that counts nothing", child: "redirect.ts" },
  floor: { title: "floor: one EVALSHA, 302", child: "floor.ts" },
  resp: { title: "scan over RESP", child: "service.ts" },
  upstash: { title: "scan over Upstash's REST", child: "service.ts" },
} as const;

export type Subject = keyof typeof SUBJECTS;

/** What one load generator makes of the subjects. */
interface Comparison<S extends Subject> {
  subjects: Record<S, RoundSamples>;
  /** Round by round: the scan's rate as a share of the floor's, and its CPU time above the floor's. */
  shareOfFloor: Sample;
  cpuAboveFloorMicros: Sample;
}

/** Subjects that `wrk` asks as well: a generator of one's own may flatter what it was written beside. */
const BY_WRK = ["redirect", "floor", "resp"] as const satisfies Subject[];
type ByWrk = (typeof BY_WRK)[number];

export interface ScanFloor extends Comparison<Subject> {
  connections: number;
  rounds: number;
  /** The same by `wrk`, where there is one. */
  wrk?: (Comparison<ByWrk> & { version: string }) | undefined;
}

export interface ScanFloorOptions {
  rounds: number;
  /** Of load over many connections, after a warm-up of twice as long: it takes V8 so long to compile what is hot. */
  seconds: number;
}

/** A scan beside the least that one can cost, in rounds of fresh processes that take turns. */
export async function scanFloor(
  { rounds, seconds }: ScanFloorOptions,
  progress: (line: string) => void,
): Promise<ScanFloor> {
  const servers = await startServers();
  const forgetEvents = () => servers.redis.del(CacheKeys.outbox);
  const token = randomUUID();
  const upstash = await startChild("upstash.ts", { REDIS_URL: servers.redisUrl, UPSTASH_TOKEN: token });
  const { REDIS_URL, ...withoutRedis } = servers.env;
  const env: Record<Subject, Record<string, string>> = {
    redirect: {},
    floor: { REDIS_URL: servers.redisUrl, EVENT },
    resp: servers.env,
    upstash: {
      ...withoutRedis,
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${upstash.port}`,
      UPSTASH_REDIS_REST_TOKEN: token,
    },
  };
  const measured: Record<Subject, Round[]> = { redirect: [], floor: [], resp: [], upstash: [] };
  const byWrk: Record<ByWrk, Round[]> = { redirect: [], floor: [], resp: [] };
  const version = await wrkVersion();
  if (version === undefined)
    progress("scan: no wrk on the PATH (Debian: wrk), so the project's own loop alone");
  try {
    await addCodes(servers, 1, CODES);
    await withChild("service.ts", servers.env, ({ port }) => closedLoop({ ...LOAD, port, requests: CODES }));
    for (let round = 1; round <= rounds; round++) {
      for (const subject of takingTurns(Object.keys(SUBJECTS) as Subject[], round)) {
        const { child, title } = SUBJECTS[subject];
        await withChild(child, env[subject], async (server) => {
          const result = await measureRound(server, LOAD, seconds, forgetEvents);
          measured[subject].push(result);
          progress(`scan, round ${round} of ${rounds}: ${title}: ${figure(result.perSecond)} a second`);
          if (version !== undefined && isByWrk(subject))
            byWrk[subject].push(await measureRoundByWrk(server, WRK_LOAD, seconds, forgetEvents));
        });
      }
    }
  } finally {
    await upstash.stop();
    await servers.stop();
  }
  return {
    connections: LOAD.connections,
    rounds,
    ...compared(measured),
    ...(version === undefined ? {} : { wrk: { version, ...compared(byWrk) } }),
  };
}

function compared<S extends Subject>(
  measured: Record<S, Round[]> & Record<"floor" | "resp", Round[]>,
): Comparison<S> {
  const pairs = measured.resp.map((scan, round) => ({ scan, floor: measured.floor[round] as Round }));
  const subjects = Object.entries<Round[]>(measured).map(([subject, rounds]) => [subject, samplesOf(rounds)]);
  return {
    subjects: Object.fromEntries(subjects),
    shareOfFloor: sample(pairs.map(({ scan, floor }) => scan.perSecond / floor.perSecond)),
    cpuAboveFloorMicros: sample(pairs.map(({ scan, floor }) => scan.cpuMicros - floor.cpuMicros)),
  };
}

const isByWrk = (subject: Subject): subject is ByWrk => BY_WRK.some((name) => name === subject);
