import { readFileSync } from "node:fs";
import { manyRows } from "../../test/support/many-rows.ts";
import { addCodes } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { HttpConnection } from "../http-connection.ts";
import type { Percentiles } from "../latencies.ts";
import { openLoop } from "../open-loop.ts";
import { operations } from "../operations.ts";
import { withServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";

export interface ImportOptions {
  rounds: number;
  rows: number;
  /** Of scans, at rest and beside imports; below the 5 s after which the server ends an unused connection. */
  seconds: number;
}

type Scans = Record<keyof Percentiles, Sample> & {
  /** Scans that were not redirected, in all rounds. */
  failures: number;
};

export interface ImportCost {
  rounds: number;
  rows: number;
  /** Of the file, MB. */
  megabytes: number;
  /** Scans a second that are offered. */
  rate: number;
  /** Of one import with nothing beside it, and of those beside scans, each sent once the last was answered; ms. */
  alone: Sample;
  beside: Sample;
  /** Resident memory of the process, MB: at most before its first import, and at most until its last. */
  before: Sample;
  peak: Sample;
  scans: { atRest: Scans; beside: Scans };
}

const RATE = 100;
const CODES = 100;
const CONNECTIONS = 64;
const TENANT = "tenant_import";

/** More than a round sends: they are made before, since their making would hold up the scans that are offered. */
const MAX_IMPORTS = 12;

/** How long an import of many rows takes, how much memory, and how long a scan takes beside it. */
export async function importCost(
  { rounds, rows, seconds }: ImportOptions,
  progress: (line: string) => void,
): Promise<ImportCost> {
  return withServers(async (servers) => {
    await addCodes(servers, 1, CODES);
    const { scan } = await operations(servers.issuer, 1, CODES);
    const authorization = `Bearer ${await servers.issuer.issue([TENANT], ["qr:write"])}`;
    const measured: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`import, round ${round} of ${rounds}`);
      const files = Array.from({ length: MAX_IMPORTS }, (_, n) =>
        Buffer.from(manyRows(rows, `round-${round}-${n}`).mended),
      );
      await withChild("service.ts", servers.env, async ({ port, pid }) => {
        const scans = { ...scan, port, rate: RATE, connections: CONNECTIONS, seconds };
        await closedLoop({ ...scan, port, connections: 4, requests: 2_000 });
        const atRest = await openLoop(scans);
        const before = peakMegabytes(pid);
        const send = await importer(port, authorization, rows);
        const alone = await send(files.pop());
        let isOver = false;
        const [beside, times] = await Promise.all([
          openLoop(scans).finally(() => {
            isOver = true;
          }),
          sendUntil(() => isOver, files, send),
        ]);
        measured.push({ atRest, beside, alone, times, before, peak: peakMegabytes(pid) });
      });
    }
    return {
      rounds,
      rows,
      megabytes: Buffer.byteLength(manyRows(rows, "round-1-0").mended) / 1e6,
      rate: RATE,
      alone: sample(measured.map(({ alone }) => alone)),
      beside: sample(measured.flatMap(({ times }) => times)),
      before: sample(measured.map(({ before }) => before)),
      peak: sample(measured.map(({ peak }) => peak)),
      scans: {
        atRest: scansOf(measured.map(({ atRest }) => atRest)),
        beside: scansOf(measured.map(({ beside }) => beside)),
      },
    };
  });
}

interface ScanLoad {
  latency: Percentiles;
  failures: number;
}

interface Round {
  atRest: ScanLoad;
  beside: ScanLoad;
  alone: number;
  times: number[];
  before: number;
  peak: number;
}

type Send = (file: Buffer | undefined) => Promise<number>;

/** @returns what sends a file and says how long it took, in ms */
async function importer(port: number, authorization: string, rows: number): Promise<Send> {
  const connection = await HttpConnection.open(port);
  return async (file = Buffer.alloc(0)) => {
    const head = [
      "POST /import HTTP/1.1",
      "host: qr.example.com",
      `authorization: ${authorization}`,
      "content-type: text/csv",
      `content-length: ${file.length}`,
    ];
    const sentAt = performance.now();
    const { reply } = await connection.ask(
      Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), file]),
    );
    const took = performance.now() - sentAt;
    // Parsed, a reply of almost a megabyte would hold up the scans that this process offers.
    if (!reply.includes(`"created":${rows},`))
      throw new Error(`${rows} codes were to be created, and this came:\n${reply}`);
    return took;
  };
}

async function sendUntil(isOver: () => boolean, files: Buffer[], send: Send): Promise<number[]> {
  const times: number[] = [];
  while (!isOver() && files.length > 0) times.push(await send(files.pop()));
  return times;
}

/** The most memory that a process has had resident, MB. https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
function peakMegabytes(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return (Number(kib) * 1_024) / 1e6;
}

function scansOf(loads: ScanLoad[]): Scans {
  const of = (name: keyof Percentiles) => sample(loads.map(({ latency }) => latency[name]));
  const failures = loads.reduce((sum, load) => sum + load.failures, 0);
  return { p50: of("p50"), p95: of("p95"), p99: of("p99"), max: of("max"), failures };
}
