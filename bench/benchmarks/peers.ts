import { setTimeout as sleep } from "node:timers/promises";
import { closedLoop } from "../closed-loop.ts";
import { HttpConnection } from "../http-connection.ts";
import { chhoto } from "../peers/chhoto.ts";
import { kutt } from "../peers/kutt.ts";
import { ours } from "../peers/ours.ts";
import { cpuMicros, type Peer } from "../peers/peer.ts";
import { settledCount } from "../peers/settled-count.ts";

const CONNECTIONS = 32;

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

export interface PeersOptions {
  seconds: number;
  /** What is counted is taken for final once it has stood still for this long, in milliseconds. */
  stillMs: number;
}

/** What starts a service, or why it is left out. */
type Start = (() => Promise<Peer>) | string;

/** Other services beside this one. */
export async function peers(
  { places, ...options }: PeersOptions & { places: PeerPlaces },
  progress: (line: string) => void,
): Promise<Peers> {
  const { kutt: kuttFolder, chhoto: chhotoProgram } = places;
  const services: [title: string, Start][] = [
    ["this service, `npm start`", ours],
    ["Kutt (Node, Redis, Postgres)", kuttFolder ? () => kutt(kuttFolder) : "no --kutt folder was named"],
    [
      "Chhoto URL (Rust, SQLite)",
      chhotoProgram ? () => chhoto(chhotoProgram) : "no --chhoto program was named",
    ],
  ];
  return comparePeers(services, options, progress);
}

/** Services that are measured one after the other. */
export async function comparePeers(
  services: readonly [title: string, Start][],
  { seconds, stillMs }: PeersOptions,
  progress: (line: string) => void,
): Promise<Peers> {
  const figures: PeerFigures[] = [];
  const absent: string[] = [];
  for (const [title, start] of services) {
    if (typeof start === "string") {
      absent.push(`${title}: ${start}`);
      continue;
    }
    progress(`peers: ${title}`);
    const peer = await start();
    try {
      figures.push({ title, ...(await measure(peer, { seconds, stillMs }, progress)) });
    } finally {
      await peer.stop();
    }
  }
  return { connections: CONNECTIONS, seconds, peers: figures, absent };
}

async function measure(
  peer: Peer,
  { seconds, stillMs }: PeersOptions,
  progress: (line: string) => void,
): Promise<Omit<PeerFigures, "title">> {
  const settled = async () => (await settledCount(peer, stillMs)).counted;
  const load = { port: peer.port, request: () => peer.request, status: peer.status };
  const warm = await closedLoop({ ...load, connections: CONNECTIONS, seconds });
  const one = await closedLoop({ ...load, connections: 1, seconds: seconds / 2 });
  const before = await settled();
  const [cpu, cpuOfAll] = [cpuMicros([peer.pid()], false), cpuMicros(peer.roots(), true)];
  const many = await closedLoop({ ...load, connections: CONNECTIONS, seconds });
  const cpuMicrosEach = (cpuMicros([peer.pid()], false) - cpu) / many.requests;
  await settled();
  const cpuMicrosOfAll = (cpuMicros(peer.roots(), true) - cpuOfAll) / many.requests;
  progress(
    `  ${Math.round(many.requests / many.seconds)} a second; ${before} counted after ${warm.requests + one.requests + 1}`,
  );

  const countedBefore = await settled();
  const answering = answeredUntilKilled(peer);
  await sleep(seconds * 1_000);
  await peer.killAndRestart();
  const answered = await answering;
  const counted = (await settled()) - countedBefore;
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
