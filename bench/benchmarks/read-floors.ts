import { addCodes, CODES_PER_TENANT, qrId } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { HttpConnection } from "../http-connection.ts";
import { type Operation, operations } from "../operations.ts";
import { readyReply } from "../ready-reply.ts";
import { measureRound, type Round, type RoundSamples, samplesOf, takingTurns } from "../rounds.ts";
import { type Servers, withServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";
import { figure } from "../table.ts";

export const READS = ["list", "get"] as const;
export type Read = (typeof READS)[number];

const SUBJECTS = ["floor", "hit"] as const;
type Subject = (typeof SUBJECTS)[number];

/** A read from the cache beside the least that its own commands and its reply can cost. */
interface Comparison extends Record<Subject, RoundSamples> {
  /** Round by round, the hit's as a multiple of its floor's. */
  timesFloor: Record<"cpuMicros" | "medianAtOne", Sample>;
  shareOfFloor: Sample;
}

export interface ReadFloors {
  connections: number;
  rounds: number;
  reads: Record<Read, Comparison>;
}

const CONNECTIONS = 32;
const TENANTS = 1;

/** Lists and codes that the cache holds, beside their floors, in rounds of fresh processes that take turns. */
export async function readFloors(
  { rounds, seconds }: { rounds: number; seconds: number },
  progress: (line: string) => void,
): Promise<ReadFloors> {
  return withServers(async (servers) => {
    await addCodes(servers, TENANTS);
    const all = await operations(servers.issuer, TENANTS);
    const codes = Array.from({ length: CODES_PER_TENANT }, (_, code) => qrId(0, code));
    await withChild("service.ts", servers.env, ({ port }) => fill(port, servers, all, codes));
    const children: Record<Subject, [file: string, env: Record<string, string>]> = {
      floor: ["read-floor.ts", { REDIS_URL: servers.redisUrl, LISTED: codes.join() }],
      hit: ["service.ts", servers.env],
    };
    const measured: Record<Read, Record<Subject, Round[]>> = {
      list: { floor: [], hit: [] },
      get: { floor: [], hit: [] },
    };
    const pairs = READS.flatMap((read) => SUBJECTS.map((subject) => ({ read, subject })));
    for (let round = 1; round <= rounds; round++) {
      for (const { read, subject } of takingTurns(pairs, round)) {
        const [file, env] = children[subject];
        const { request, status } = all[read];
        const requests = codes.map((_, code) => request(code));
        const nth = (n: number) => requests[n % requests.length] as Buffer;
        const load = { connections: CONNECTIONS, status, request: nth };
        const result = await withChild(file, env, (server) => measureRound(server, load, seconds));
        measured[read][subject].push(result);
        progress(`reads, round ${round} of ${rounds}: ${read}, ${subject}: ${figure(result.cpuMicros)} µs`);
      }
    }
    return {
      connections: CONNECTIONS,
      rounds,
      reads: { list: compared(measured.list), get: compared(measured.get) },
    };
  });
}

/** Puts every list and code into the cache, and the replies to where the floor finds them. */
async function fill(
  port: number,
  { redis }: Servers,
  { list, get }: Record<Read, Operation>,
  codes: readonly string[],
): Promise<void> {
  const connection = await HttpConnection.open(port);
  const asked: [path: string, request: Buffer][] = [
    ["/qr", list.request(0)],
    ...codes.map((code, n): [string, Buffer] => [`/qr/${code}`, get.request(n)]),
  ];
  for (const [path, request] of asked) {
    await connection.ask(request);
    const { status, reply } = await connection.ask(request);
    if (status !== 200) throw new Error(`${path}: ${status}`);
    await redis.set(readyReply(path), reply.subarray(reply.indexOf("\r\n\r\n") + 4));
  }
  connection.close();
}

function compared(measured: Record<Subject, Round[]>): Comparison {
  const pairs = measured.hit.map((hit, round) => ({ hit, floor: measured.floor[round] as Round }));
  const ratio = (key: keyof RoundSamples) => sample(pairs.map(({ hit, floor }) => hit[key] / floor[key]));
  return {
    floor: samplesOf(measured.floor),
    hit: samplesOf(measured.hit),
    timesFloor: { cpuMicros: ratio("cpuMicros"), medianAtOne: ratio("medianAtOne") },
    shareOfFloor: ratio("perSecond"),
  };
}
