import type { TokenIssuer } from "../../bin/local/tokens.ts";
import { addCodes, qrId, tenantId } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { requestBytes } from "../http-connection.ts";
import type { Percentiles } from "../latencies.ts";
import { openLoop } from "../open-loop.ts";
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
const UNKNOWN_KEYS = 3_000;

interface Case {
  title: string;
  clients: number;
  request(n: number): Buffer;
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
          const scans = { ...scan, port, rate: RATE, connections: CONNECTIONS };
          await closedLoop({ ...scan, port, connections: 4, requests: 2_000 });
          const [flooded, { latency, failures }] = await Promise.all([
            closedLoop({ port, connections: clients, request, status, seconds: clients > 0 ? seconds : 0 }),
            openLoop({ ...scans, seconds }),
          ]);
          const floodPerSecond = clients > 0 ? flooded.requests / flooded.seconds : 0;
          measured[index]?.push({ ...latency, failures, floodPerSecond });
        });
      }
    }
    return {
      rounds,
      rate: RATE,
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

async function floods(issuer: TokenIssuer): Promise<Case[]> {
  const headers = {
    authorization: `Bearer ${await issuer.issue([tenantId(0)], ["qr:read", "qr:write"])}`,
  };
  const picture = requestBytes("GET", `/qr/${qrId(0, 0)}?format=png&size=2048`, headers);
  const keys = Object.fromEntries(Array.from({ length: UNKNOWN_KEYS }, (_, n) => [`k${n}`, 1]));
  const unknown = requestBytes("POST", "/generate", headers, keys);
  const drawing = { request: () => picture, status: 200 };
  return [
    { title: "at rest", clients: 0, ...drawing },
    { title: "PNGs of 2,048 px", clients: 4, ...drawing },
    { title: "PNGs of 2,048 px", clients: 16, ...drawing },
    {
      title: "generate",
      clients: 16,
      request: () => requestBytes("POST", "/generate", headers, { targetUrl: "https://example.com/" }),
      status: 201,
    },
    { title: "bodies of 3,000 unknown fields", clients: 16, request: () => unknown, status: 400 },
  ];
}
