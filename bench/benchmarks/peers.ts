import { setTimeout as sleep } from "node:timers/promises";
import { closedLoop } from "../closed-loop.ts";
import { HttpConnection } from "../http-connection.ts";
import { chhoto } from "../peers/chhoto.ts";
import { kutt } from "../peers/kutt.ts";
import { ours } from "../peers/ours.ts";
import { cpuMicros, type Peer } from "../peers/peer.ts";

const CONNECTIONS = 32;

/** What is counted is taken for final once it has stood still for this long, in milliseconds. */
const STILL_MS = 10_000;
const SETTLED_WITHIN_MS = 180_000;

/** Where other services lie that are installed already; one that has no place is left out. */
export interface PeerPlaces {
  kutt?: string | undefined;
  chhoto?: string | undefined;
}

export interface PeerFigures {
  title: string;
  perSecond: number;
  /** Milliseconds, over many connections and over one. */
  medianAtMany: number;
  p99AtMany: number;
  medianAtOne: number;
  /** CPU time for each redirect while they are answered: of the process that answers, and of all of the service. */
  cpuMicros: number;
  cpuMicrosOfAll: number;
  /** Redirects that were answered in a load during which the process was killed, and how many of them are counted. */
  answered: number;
  counted: number;
}

export interface Peers {
  connections: number;
  seconds: number;
  peers: PeerFigures[];
  /** Why others are not among them. */
  absent: string[];
}

export async function peers(
  { seconds, places }: { seconds: number; places: PeerPlaces },
  progress: (line: string) => void,
): Promise<Peers> {
  const { kutt: kuttFolder, chhoto: chhotoProgram } = places;
  const present: [string, (() => Promise<Peer>) | string][] = [
    ["this service, `npm start`", ours],
    ["Kutt (Node, Redis, Postgres)", kuttFolder ? () => kutt(kuttFolder) : "no --kutt folder was named"],
    [
      "Chhoto URL (Rust, SQLite)",
      chhotoProgram ? () => chhoto(chhotoProgram) : "no --chhoto program was named",
    ],
  ];
  const figures: PeerFigures[] = [];
  const absent: string[] = [];
  for (const [title, start] of present) {
    if (typeof start === "string") {
      absent.push(`${title}: ${start}`);
      continue;
    }
    progress(`peers: ${title}`);
    const peer = await start();
    try {
      figures.push({ title, ...(await measure(peer, seconds, progress)) });
    } finally {
      await peer.stop();
    }
  }
  return { connections: CONNECTIONS, seconds, peers: figures, absent };
}

async function measure(
  peer: Peer,
  seconds: number,
  progress: (line: string) => void,
): Promise<Omit<PeerFigures, "title">> {
  const load = { port: peer.port, request: () => peer.request, status: peer.status };
  const warm = await closedLoop({ ...load, connections: CONNECTIONS, seconds });
  const one = await closedLoop({ ...load, connections: 1, seconds: seconds / 2 });
  const before = await settled(peer);
  const [cpu, cpuOfAll] = [cpuMicros([peer.pid()], false), cpuMicros(peer.roots(), true)];
  const many = await closedLoop({ ...load, connections: CONNECTIONS, seconds });
  const cpuMicrosEach = (cpuMicros([peer.pid()], false) - cpu) / many.requests;
  await settled(peer);
  const cpuMicrosOfAll = (cpuMicros(peer.roots(), true) - cpuOfAll) / many.requests;
  progress(
    `  ${Math.round(many.requests / many.seconds)} a second; ${before} counted after ${warm.requests + one.requests + 1}`,
  );

  const countedBefore = await settled(peer);
  const answering = answeredUntilKilled(peer);
  await sleep(seconds * 1_000);
  await peer.killAndRestart();
  const answered = await answering;
  const counted = (await settled(peer)) - countedBefore;
  progress(`  killed: ${answered} answered, ${counted} counted`);
  return {
    perSecond: many.requests / many.seconds,
    medianAtMany: many.latency.p50,
    p99AtMany: many.latency.p99,
    medianAtOne: one.latency.p50,
    cpuMicros: cpuMicrosEach,
    cpuMicrosOfAll,
    answered,
    counted,
  };
}

/** Redirects that arrive on many connections until those break. */
async function answeredUntilKilled({ port, request, status }: Peer): Promise<number> {
  let answered = 0;
  const client = async () => {
    const connection = await HttpConnection.open(port);
    while ((await connection.ask(request)).status === status) answered += 1;
    connection.close();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return answered;
}

/** What is counted once nothing is added any more. */
async function settled(peer: Peer): Promise<number> {
  let counted = await peer.counted();
  let since = Date.now();
  const until = since + SETTLED_WITHIN_MS;
  while (Date.now() - since < STILL_MS && Date.now() < until) {
    await sleep(500);
    const now = await peer.counted();
    if (now !== counted) since = Date.now();
    counted = now;
  }
  return counted;
}
