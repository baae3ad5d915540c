import { startCommandCounter } from "../../test/support/command-counter.ts";
import { addCodes } from "../catalogue.ts";
import { type ChildServer, startChild, withChild } from "../child-process.ts";
import { type ClosedLoop, closedLoop } from "../closed-loop.ts";
import { OPERATION_NAMES, type Operation, type OperationName, operations } from "../operations.ts";
import { type Servers, startServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";
import { WITHOUT_REDIS } from "../without-redis.ts";

export type Mode = "hit" | "miss" | "off";

/** One-way delays between the service and its servers, in milliseconds. */
export interface Delays {
  redis: number;
  postgres: number;
}

export interface EndpointsOptions {
  rounds: number;
  tenants: number;
  /** Requests over one connection, and over many. A list can miss once for each tenant. */
  requests: { one: number; many: number; counted: number };
  delays?: Delays;
}

/** One process, freshly started. */
interface Round {
  /** Milliseconds, over one connection. */
  p50: number;
  p95: number;
  p99: number;
  /** Over many connections: requests a second, and CPU time of the server's process for each. */
  perSecond: number;
  cpuMicros: number;
}

export interface Cell extends Record<keyof Round, Sample> {
  operation: OperationName;
  title: string;
  mode: Mode;
  /** Per request, counted by the servers. */
  statements: number;
  redisCommands: number;
}

export interface Endpoints {
  connections: number;
  rounds: number;
  delays: Delays | null;
  cells: Cell[];
}

const CONNECTIONS = 16;

/** So many things are asked for again and again where the cache is to hit. */
const WARM = 50;

/** What each endpoint costs where the cache hits, where it misses and where there is none. */
export async function endpoints(
  options: EndpointsOptions,
  progress: (line: string) => void,
): Promise<Endpoints> {
  const { rounds, tenants, delays } = options;
  const servers = await startServers();
  const proxies: ChildServer[] = [];
  try {
    await addCodes(servers, tenants);
    const env = delays ? await behindProxies(servers, delays, proxies) : servers.env;
    const bench = new EndpointBench(servers, await operations(servers.issuer, tenants), options);
    for (let round = 1; round <= rounds; round++) {
      progress(`endpoints${delays ? " with delays" : ""}, round ${round} of ${rounds}`);
      await withChild("service.ts", env, (server) => bench.run(server, ["hit", "miss"]));
      await withChild("service.ts", { ...env, ...WITHOUT_REDIS }, (server) => bench.run(server, ["off"]));
    }
    return { connections: CONNECTIONS, rounds, delays: delays ?? null, cells: bench.cells() };
  } finally {
    for (const proxy of proxies) await proxy.stop();
    await servers.stop();
  }
}

async function behindProxies(
  servers: Servers,
  delays: Delays,
  proxies: ChildServer[],
): Promise<Record<string, string>> {
  const behind = async (url: string, oneWayMs: number) => {
    const proxied = new URL(url);
    const proxy = await startChild("delay-proxy.ts", {
      TARGET_PORT: proxied.port,
      ONE_WAY_MS: String(oneWayMs),
    });
    proxies.push(proxy);
    proxied.port = String(proxy.port);
    return proxied.href;
  };
  return {
    ...servers.env,
    REDIS_URL: await behind(servers.redisUrl, delays.redis),
    DATABASE_URL: await behind(servers.databaseUrl, delays.postgres),
    POSTGRES_ELSEWHERE: "true",
  };
}

class EndpointBench {
  readonly #servers: Servers;
  readonly #operations: Record<OperationName, Operation>;
  readonly #options: EndpointsOptions;
  readonly #rounds = new Map<string, Round[]>();
  readonly #counts = new Map<string, { statements: number; redisCommands: number }>();
  /** The next thing that was not asked for since the cache was emptied. */
  #next = 0;

  constructor(servers: Servers, all: Record<OperationName, Operation>, options: EndpointsOptions) {
    this.#servers = servers;
    this.#operations = all;
    this.#options = options;
  }

  async run(server: ChildServer, modes: Mode[]): Promise<void> {
    for (const name of OPERATION_NAMES) {
      for (const mode of modes) {
        if (mode === "miss" && this.#operations[name].kind === "write") continue;
        const key = `${name} ${mode}`;
        const round = await this.#measure(server, this.#operations[name], mode);
        this.#rounds.set(key, [...(this.#rounds.get(key) ?? []), round]);
        this.#counts.set(key, await this.#count(server, this.#operations[name], mode));
      }
    }
  }

  cells(): Cell[] {
    return [...this.#rounds].map(([key, rounds]) => {
      const [operation, mode] = key.split(" ") as [OperationName, Mode];
      const of = (figure: keyof Round) => sample(rounds.map((round) => round[figure]));
      return {
        operation,
        title: this.#operations[operation].title,
        mode,
        p50: of("p50"),
        p95: of("p95"),
        p99: of("p99"),
        perSecond: of("perSecond"),
        cpuMicros: of("cpuMicros"),
        ...(this.#counts.get(key) ?? { statements: Number.NaN, redisCommands: Number.NaN }),
      };
    });
  }

  async #measure(server: ChildServer, operation: Operation, mode: Mode): Promise<Round> {
    const { requests } = this.#options;
    const warmUp = Math.min(requests.one, operation.population);
    await closedLoop(await this.#load(server, operation, mode, 4, warmUp));
    const one = await closedLoop(await this.#load(server, operation, mode, 1, requests.one));
    const load = await this.#load(server, operation, mode, CONNECTIONS, requests.many);
    const cpuBefore = await server.cpuMicros();
    const many = await closedLoop(load);
    const cpu = (await server.cpuMicros()) - cpuBefore;
    const { p50, p95, p99 } = one.latency;
    return {
      p50,
      p95,
      p99,
      perSecond: many.requests / many.seconds,
      cpuMicros: cpu / many.requests,
    };
  }

  async #count(server: ChildServer, operation: Operation, mode: Mode) {
    const { servers, requests } = { servers: this.#servers, requests: this.#options.requests.counted };
    const commands = await startCommandCounter(servers.redisUrl);
    try {
      const load = await this.#load(server, operation, mode, 1, requests);
      const before = await servers.statements();
      const seen = await commands.during(() => closedLoop(load));
      return {
        statements: ((await servers.statements()) - before) / requests,
        redisCommands: seen.length / requests,
      };
    } finally {
      await commands.stop();
    }
  }

  /** So many requests that meet the cache in this state, which is prepared here. */
  async #load(
    { port }: ChildServer,
    { request, status, kind, population }: Operation,
    mode: Mode,
    connections: number,
    requests: number,
  ): Promise<ClosedLoop> {
    await this.#servers.redis.flushdb();
    const from = this.#next;
    this.#next += requests;
    if (mode === "miss") {
      const most = Math.min(requests, population);
      return { port, status, connections, requests: most, request: (n) => request(from + n) };
    }
    if (kind === "write") return { port, status, connections, requests, request: (n) => request(from + n) };
    if (mode === "hit") await closedLoop({ port, status, connections: 1, requests: WARM, request });
    return { port, status, connections, requests, request: (n) => request(n % WARM) };
  }
}
