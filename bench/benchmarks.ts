import { coldStart } from "./benchmarks/cold-start.ts";
import { consoleScores } from "./benchmarks/console.ts";
import { type Delays, endpoints } from "./benchmarks/endpoints.ts";
import { flood } from "./benchmarks/flood.ts";
import { hitRate } from "./benchmarks/hit-rate.ts";
import { importCost } from "./benchmarks/import.ts";
import { type PeerPlaces, peers } from "./benchmarks/peers.ts";
import { pipeline } from "./benchmarks/pipeline.ts";
import { profile } from "./benchmarks/profile.ts";
import { readFloors } from "./benchmarks/read-floors.ts";
import { scale } from "./benchmarks/scale.ts";
import { scanFloor } from "./benchmarks/scan-floor.ts";
import { whole } from "./benchmarks/whole.ts";
import { coldStartReport } from "./report/cold-start.ts";
import { consoleReport } from "./report/console.ts";
import { endpointsReport } from "./report/endpoints.ts";
import { floodReport } from "./report/flood.ts";
import { hitRateReport } from "./report/hit-rate.ts";
import { importReport } from "./report/import.ts";
import { peersReport } from "./report/peers.ts";
import { pipelineReport } from "./report/pipeline.ts";
import { profileReport } from "./report/profile.ts";
import { readsReport } from "./report/reads.ts";
import { scaleReport } from "./report/scale.ts";
import { scanReport } from "./report/scan.ts";
import { wholeReport } from "./report/whole.ts";

type Progress = (line: string) => void;

export interface RunOptions {
  /** Whether to see only that it works: the times it then measures mean nothing. */
  smoke: boolean;
  /** Between the service and its servers, where a network is to be between them. */
  delays: Delays;
  /** Other services to be measured beside this one. */
  places: PeerPlaces;
}

export interface Benchmark<T> {
  title: string;
  run(options: RunOptions, progress: Progress): Promise<T>;
  /** @param folder of the results of one processor, from the page that shows them */
  report(result: T, folder: string): string;
}

function benchmark<T>(definition: Benchmark<T>): Benchmark<T> {
  return definition;
}

/** Between a function and its servers in a VPC. */
export const VPC: Delays = { redis: 0.5, postgres: 2 };

const ENDPOINTS = { rounds: 3, tenants: 500, requests: { one: 400, many: 500, counted: 50 } };
const ENDPOINTS_SMOKE = { rounds: 1, tenants: 10, requests: { one: 10, many: 10, counted: 10 } };

const DAY = {
  tenants: 20,
  codesPerTenant: 50,
  dashboards: 15,
  pollSeconds: 30,
  pageMinutes: 10,
  edits: 300,
  newCodes: 100,
};

/** Seconds; beside the lifetimes that the service has by default. */
const LONGER_LIFETIMES = { list: 1_800, code: 7_200, link: 86_400 };

export const CHARTS = ["codes", "tenants", "memory", "scans", "outbox"].map((name) => `scale-${name}.svg`);

/** Every benchmark, by the name under which it is run and its result is kept. */
export const BENCHMARKS = {
  scan: benchmark({
    title: "A scan, against its floor",
    run: ({ smoke }, progress) =>
      scanFloor(smoke ? { rounds: 1, seconds: 0.2 } : { rounds: 7, seconds: 4 }, progress),
    report: scanReport,
  }),
  reads: benchmark({
    title: "Reads from the cache, against their floors",
    run: ({ smoke }, progress) =>
      readFloors(smoke ? { rounds: 1, seconds: 0.2 } : { rounds: 5, seconds: 2 }, progress),
    report: readsReport,
  }),
  profile: benchmark({
    title: "Where a scan's time goes",
    run: ({ smoke }, progress) => profile(smoke ? 0.3 : 8, progress),
    report: profileReport,
  }),
  flood: benchmark({
    title: "A scan beside expensive requests",
    run: ({ smoke }, progress) =>
      flood(smoke ? { rounds: 1, seconds: 0.5 } : { rounds: 5, seconds: 4 }, progress),
    report: floodReport,
  }),
  import: benchmark({
    title: "Importing 10,000 rows, and a scan beside it",
    run: ({ smoke }, progress) =>
      importCost(
        smoke ? { rounds: 1, rows: 200, seconds: 0.5 } : { rounds: 5, rows: 10_000, seconds: 4 },
        progress,
      ),
    report: importReport,
  }),
  endpoints: benchmark({
    title: "Each endpoint, on one machine",
    run: ({ smoke }, progress) => endpoints(smoke ? ENDPOINTS_SMOKE : ENDPOINTS, progress),
    report: endpointsReport,
  }),
  delayed: benchmark({
    title: "Each endpoint, with the delays of a network",
    run: ({ smoke, delays }, progress) =>
      endpoints({ ...(smoke ? ENDPOINTS_SMOKE : ENDPOINTS), delays }, progress),
    report: endpointsReport,
  }),
  "cold-start": benchmark({
    title: "A new sandbox",
    run: ({ smoke }, progress) => coldStart({ processes: smoke ? 1 : 11 }, progress),
    report: coldStartReport,
  }),
  console: benchmark({
    title: "The console",
    run: consoleScores,
    report: consoleReport,
  }),
  "hit-rate": benchmark({
    title: "A day's load on the database",
    run: ({ smoke }, progress) =>
      hitRate(
        smoke
          ? {
              plan: { ...DAY, dashboards: 1, pollSeconds: 3_600 },
              scans: [500],
              longer: LONGER_LIFETIMES,
              scansWithoutCache: 500,
            }
          : { plan: DAY, scans: [50_000, 500_000], longer: LONGER_LIFETIMES, scansWithoutCache: 50_000 },
        progress,
      ),
    report: hitRateReport,
  }),
  pipeline: benchmark({
    title: "Relay, Kafka and consumer",
    run: ({ smoke }, progress) =>
      pipeline(
        smoke
          ? { events: 2_000, backlog: 2_000, rate: 200, seconds: 2 }
          : { events: 300_000, backlog: 1_000_000, rate: 20_000, seconds: 30 },
        progress,
      ),
    report: pipelineReport,
  }),
  whole: benchmark({
    title: "All of it on one machine",
    run: ({ smoke }, progress) =>
      whole(smoke ? { rounds: 1, seconds: 1 } : { rounds: 3, seconds: 4 }, progress),
    report: wholeReport,
  }),
  peers: benchmark({
    title: "Beside other services",
    run: ({ smoke, places }, progress) =>
      peers(
        { ...(smoke ? { seconds: 1, stillMs: 1_000 } : { seconds: 4, stillMs: 10_000 }), places },
        progress,
      ),
    report: peersReport,
  }),
  scale: benchmark({
    title: "As the work grows",
    run: ({ smoke }, progress) =>
      scale(
        smoke
          ? { codes: [100, 1_000], tenants: [1, 10], events: [1_000, 2_000], depths: [1, 100], requests: 10 }
          : {
              codes: [1e2, 1e3, 1e4, 1e5, 1e6],
              tenants: [1, 10, 100, 1_000, 10_000],
              events: [1e4, 1e5, 1e6, 1e7],
              depths: [1, 10, 100, 1e3, 1e4, 1e5, 1e6],
              requests: 500,
            },
        progress,
      ),
    report: (growths, folder) =>
      scaleReport(
        growths,
        CHARTS.map((file) => `${folder}/${file}`),
      ),
  }),
};

export type BenchmarkName = keyof typeof BENCHMARKS;
export const BENCHMARK_NAMES = Object.keys(BENCHMARKS) as BenchmarkName[];

/** Those that run where none is named: peers are services that a person has installed. */
export const OWN_BENCHMARKS = BENCHMARK_NAMES.filter((name) => name !== "peers");
