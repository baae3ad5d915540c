import { setTimeout as sleep } from "node:timers/promises";
import type { TokenIssuer } from "../../bin/local/tokens.ts";
import { addCodes, qrId, tenantId } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { requestBytes } from "../http-connection.ts";
import type { Percentiles } from "../latencies.ts";
import { type LoadOrder, withLoadProcess } from "../load-process.ts";
import { type OpenLoop, openLoop } from "../open-loop.ts";
import { operations } from "../operations.ts";
import { withServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";

export interface FloodOptions {
  rounds: number;
  /** Of scans, beside each flood; below the 5 s after which the server ends a connection that a calm moment left unused. */
  seconds: number;
}

export interface Flood {
  rounds: number;
  /** Scans a second that are offered. */
  rate: number;
  /** Of the flood before the scans, in seconds, where its clients are a process of their own. */
  headStartS?: number;
  cases: (Record<keyof Percentiles, Sample> & {
    title: string;
    clients: number;
    /** Scans that were not redirected, in all rounds. */
    failures: number;
    /** Requests of the flood that were answered a second. */
    floodPerSecond: Sample;
  })[];
}

const RATE = 100;
const CODES = 100;
const CONNECTIONS = 64;
/** Of the flood before the scans, in seconds. */
const HEAD_START_S = 1;
const UNKNOWN_KEYS = 3_000;

interface Case {
  title: string;
  clients: number;
  request: Buffer;
  status: number;
}

/** How long a scan takes beside clients that send something expensive as fast as it is answered. */
export async function flood(
  { rounds, seconds }: FloodOptions,
  progress: (line: string) => void,
): Promise<Flood> {
  return withServers(async (servers) => {
    await addCodes(servers, 1, CODES);
    const { scan } = await operations(servers.issuer, 1, CODES);
    const cases = await floods(servers.issuer);
    const measured = cases.map(() => [] as (Percentiles & { failures: number; floodPerSecond: number })[]);
    for (let round = 1; round <= rounds; round++) {
      for (const [index, { title, clients, request, status }] of cases.entries()) {
        progress(`flood, round ${round} of ${rounds}: ${title}`);
        await withChild("service.ts", servers.env, async ({ port }) => {
          const scans = { ...scan, port, rate: RATE, connections: CONNECTIONS, seconds };
          await closedLoop({ ...scan, port, connections: 4, requests: 2_000 });
          const load = { port, connections: clients, request, status, seconds: seconds + HEAD_START_S };
          const { latency, failures, floodPerSecond } = await beside(load, scans);
          measured[index]?.push({ ...latency, failures, floodPerSecond });
        });
      }
    }
    return {
      rounds,
      rate: RATE,
      headStartS: HEAD_START_S,
      cases: cases.map(({ title, clients }, index) => {
        const results = measured[index] ?? [];
        const of = (name: keyof Percentiles | "floodPerSecond") =>
          sample(results.map((result) => result[name]));
        return {
          title,
          clients,
          p50: of("p50"),
          p95: of("p95"),
          p99: of("p99"),
          max: of("max"),
          failures: results.reduce((sum, result) => sum + result.failures, 0),
          floodPerSecond: of("floodPerSecond"),
        };
      }),
    };
  });
}

/** Scans beside a load that has begun a moment before, so that the server has started the threads which draw. */
async function beside(load: LoadOrder, scans: OpenLoop) {
  if (load.connections === 0) return { ...(await openLoop(scans)), floodPerSecond: 0 };
  return withLoadProcess(async (run) => {
    const [flooded, measured] = await Promise.all([
      run(load),
      sleep(HEAD_START_S * 1_000).then(() => openLoop(scans)),
    ]);
    return { ...measured, floodPerSecond: flooded.requests / flooded.seconds };
  });
}

async function floods(issuer: TokenIssuer): Promise<Case[]> {
  const headers = {
    authorization: `Bearer ${await issuer.issue([tenantId(0)], ["qr:read", "qr:write"])}`,
  };
  const picture = requestBytes("GET", `/qr/${qrId(0, 0)}?format=png&size=2048`, headers);
  const keys = Object.fromEntries(Array.from({ length: UNKNOWN_KEYS }, (_, n) => [`k${n}`, 1]));
  const unknown = requestBytes("POST", "/generate", headers, keys);
  const drawing = { request: picture, status: 200 };
  return [
    { title: "at rest", clients: 0, ...drawing },
    { title: "PNGs of 2,048 px", clients: 4, ...drawing },
    { title: "PNGs of 2,048 px", clients: 16, ...drawing },
    {
      title: "generate",
      clients: 16,
      request: requestBytes("POST", "/generate", headers, { targetUrl: "https://example.com/" }),
      status: 201,
    },
    { title: "bodies of 3,000 unknown fields", clients: 16, request: unknown, status: 400 },
    // Short ones, of which a few begin together.
    { title: "get", clients: 16, request: requestBytes("GET", `/qr/${qrId(0, 0)}`, headers), status: 200 },
  ];
}
