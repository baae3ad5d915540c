import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addCodes } from "../catalogue.ts";
import { withChild } from "../child-process.ts";
import { closedLoop } from "../closed-loop.ts";
import { operations } from "../operations.ts";
import { withServers } from "../servers.ts";

export interface Profile {
  connections: number;
  /** Shares of the CPU time, of all of them 1. */
  parts: { title: string; share: number }[];
}

/** A function as the profiler reports it. A native one has no file. */
interface Frame {
  functionName: string;
  url: string;
}

/** What `node --cpu-prof` writes (https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile). */
interface CpuProfile {
  nodes: { id: number; callFrame: Frame }[];
  samples: number[];
  /** Microseconds before each sample. */
  timeDeltas: number[];
}

/** Parts of a scan by the functions at work; the first that holds a function takes its time. */
const PARTS: [title: string, holds: (frame: Frame) => boolean][] = [
  [
    "system calls that write to sockets",
    ({ functionName, url }) => url === "" && /^write(v|Buffer|Latin1String|Utf8String)$/.test(functionName),
  ],
  ["collecting garbage", ({ functionName }) => functionName === "(garbage collector)"],
  [
    "the visitor's pseudonym and the event's ID",
    ({ url }) => /internal\/crypto|\/visitor\.ts|\/event-id\.ts|\/uuid\//.test(url),
  ],
  ["Node's HTTP, sockets, timers and promises", ({ url }) => url.startsWith("node:")],
  ["the client for RESP", ({ url }) => /\/data\/redis\/resp[./]/.test(url)],
  ["the cache: keys, arguments, event, breaker", ({ url }) => url.includes("/data/redis/")],
  ["the gateway: route, payload-v2 event", ({ url }) => /\/bin\/local\/|\/nanoid\//.test(url)],
  ["middy", ({ url }) => url.includes("/@middy/")],
  ["the endpoint", ({ url }) => /\/functions\/|\/core\/|\/isbot\//.test(url)],
  ["V8's own", () => true],
];

const CODES = 100;
const CONNECTIONS = 32;

/** Where the CPU time of a scan goes, by V8's sampling profiler, in a process that is warm. */
export async function profile(seconds: number, progress: (line: string) => void): Promise<Profile> {
  progress(`profile: ${3 * seconds} s of scans`);
  const folder = await mkdtemp(join(tmpdir(), "qr-service-profile-"));
  try {
    await withServers(async (servers) => {
      await addCodes(servers, 1, CODES);
      const { scan } = await operations(servers.issuer, 1, CODES);
      const env = { ...servers.env, NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
      await withChild("service.ts", env, ({ port }) =>
        closedLoop({ ...scan, port, connections: CONNECTIONS, seconds: 3 * seconds }),
      );
    });
    const [file = ""] = await readdir(folder);
    return {
      connections: CONNECTIONS,
      parts: partsOf(JSON.parse(await readFile(join(folder, file), "utf8"))),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The last two thirds: before that, V8 compiles what is hot. */
function partsOf({ nodes, samples, timeDeltas }: CpuProfile): Profile["parts"] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map(PARTS.map(([title]) => [title, 0]));
  let total = 0;
  for (let index = Math.floor(samples.length / 3); index < samples.length; index++) {
    const frame = frames.get(samples[index] as number);
    if (!frame || frame.functionName === "(idle)") continue;
    const [title = ""] = PARTS.find(([, holds]) => holds(frame)) ?? [];
    const time = timeDeltas[index] as number;
    times.set(title, (times.get(title) ?? 0) + time);
    total += time;
  }
  return [...times]
    .map(([title, time]) => ({ title, share: time / total }))
    .sort((one, other) => other.share - one.share);
}
