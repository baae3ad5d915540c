import { DAY_MS } from "../../core/utc-date.ts";
import { CACHE_TTL, type Lifetimes } from "../../data/redis/keys.ts";
import { addCodes } from "../catalogue.ts";
import { type ChildServer, withChild } from "../child-process.ts";
import { type DayPlan, minutesOf } from "../day.ts";
import { HttpConnection } from "../http-connection.ts";
import { OPERATION_NAMES, type Operation, type OperationName, operations } from "../operations.ts";
import { type Servers, startServers } from "../servers.ts";
import { WITHOUT_REDIS } from "../without-redis.ts";

export interface HitRateOptions {
  plan: Omit<DayPlan, "scans">;
  /** Days that differ in how much is scanned. Each is replayed with the default lifetimes first, then with the longer. */
  scans: number[];
  longer: Lifetimes;
  /** The day that is replayed without a cache as well. */
  scansWithoutCache: number;
}

/** What a day was replayed with: a cache with the lifetimes that the service has by default, with longer ones, or none. */
export type DayCache = "default" | "longer" | "none";

export interface ReplayedDay {
  scans: number;
  cache: DayCache;
  requests: Record<OperationName, number>;
  /** Shares of the reads that needed no SQL, by kind and of all. */
  withoutSql: { list: number; get: number; scan: number; all: number };
  statementsPer1000: number;
  /** The most that Redis used for it at a full hour, without the events, which a relay would take away. */
  redisMegabytes: number;
}

export interface HitRate {
  plan: Omit<DayPlan, "scans">;
  lifetimes: Record<Exclude<DayCache, "none">, Lifetimes>;
  days: ReplayedDay[];
}

const TITLES: Record<DayCache, string> = {
  default: "",
  longer: ", longer lifetimes",
  none: " without a cache",
};

const CONNECTIONS = 8;
const MINUTE_MS = 60_000;

/** What a scan asks Postgres for, and nothing else does. */
const FIND_LINK = "fallback_url, deleted_at,";

/** Lets keys age by so many milliseconds: a minute of the day takes a fraction of a second here. */
const AGE_KEYS = `
local cursor = '0'
repeat
  local found = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = found[1]
  for _, key in ipairs(found[2]) do
    local left = redis.call('PTTL', key)
    if left >= 0 then redis.call('PEXPIRE', key, left - ARGV[1]) end
  end
until cursor == '0'`;

/** Replays days, minute by minute, and counts on the servers what they cost the database. */
export async function hitRate(options: HitRateOptions, progress: (line: string) => void): Promise<HitRate> {
  const { plan, longer, scansWithoutCache } = options;
  const days: ReplayedDay[] = [];
  const add = async (scans: number, cache: DayCache, env: Record<string, string>) => {
    days.push(await replay({ ...plan, scans }, cache, env, progress));
  };
  for (const scans of options.scans) await add(scans, "default", {});
  for (const scans of options.scans) await add(scans, "longer", variablesOf(longer));
  await add(scansWithoutCache, "none", WITHOUT_REDIS);
  const { list, code, link } = CACHE_TTL;
  return { plan, lifetimes: { default: { list, code, link }, longer }, days };
}

function variablesOf({ list, code, link }: Lifetimes): Record<string, string> {
  return { LIST_TTL_S: String(list), CODE_TTL_S: String(code), LINK_TTL_S: String(link) };
}

async function replay(
  plan: DayPlan,
  cache: DayCache,
  given: Record<string, string>,
  progress: (line: string) => void,
): Promise<ReplayedDay> {
  const servers = await startServers();
  try {
    await addCodes(servers, plan.tenants, plan.codesPerTenant);
    // Midnight of a day that has begun: what is asked for must not lie in the future.
    const midnight = Math.floor(Date.now() / DAY_MS - 1) * DAY_MS;
    const all = await operations(servers.issuer, plan.tenants, plan.codesPerTenant, midnight);
    const env = { ...servers.env, ...given };
    return await withChild("service.ts", env, (server) => {
      const title = `day of ${plan.scans} scans${TITLES[cache]}`;
      return new Replay(servers, server, all, cache).run(plan, midnight, (minute) => {
        if (minute % 240 === 0) progress(`${title}: ${minute / 60} h`);
      });
    });
  } finally {
    await servers.stop();
  }
}

class Replay {
  readonly #servers: Servers;
  readonly #server: ChildServer;
  readonly #operations: Record<OperationName, Operation>;
  readonly #cache: DayCache;
  readonly #requests = Object.fromEntries(OPERATION_NAMES.map((name) => [name, 0])) as Record<
    OperationName,
    number
  >;
  readonly #cached = { list: 0, get: 0 };

  constructor(servers: Servers, server: ChildServer, all: Record<OperationName, Operation>, cache: DayCache) {
    this.#servers = servers;
    this.#server = server;
    this.#operations = all;
    this.#cache = cache;
  }

  /** @param midnight at which the day begins, Unix ms */
  async run(plan: DayPlan, midnight: number, onMinute: (minute: number) => void): Promise<ReplayedDay> {
    const connections = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => HttpConnection.open(this.#server.port)),
    );
    const before = await this.#servers.statements();
    const memoryBefore = await this.#servers.redisMegabytes();
    let memory = memoryBefore;
    let minute = 0;
    for (const requests of minutesOf(plan)) {
      onMinute(minute);
      await this.#server.setClock(midnight + minute * MINUTE_MS);
      const waiting = requests.values();
      await Promise.all(
        connections.map(async (connection) => {
          for (const { operation, n } of waiting) await this.#ask(connection, operation, n);
        }),
      );
      await this.#servers.redis.eval(AGE_KEYS, 0, MINUTE_MS);
      if (minute % 60 === 0) {
        // Nobody relays here.
        await this.#servers.redis.del("qr-service:outbox");
        memory = Math.max(memory, await this.#servers.redisMegabytes());
      }
      minute += 1;
    }
    for (const connection of connections) connection.close();
    return this.#result(plan, (await this.#servers.statements()) - before, memory - memoryBefore);
  }

  async #ask(connection: HttpConnection, name: OperationName, n: number): Promise<void> {
    const { request, status: expected } = this.#operations[name];
    const { status, reply } = await connection.ask(request(n));
    if (status !== expected) throw new Error(`${name}: ${expected} was expected, and this came:\n${reply}`);
    this.#requests[name] += 1;
    if ((name === "list" || name === "get") && reply.includes('"cached":true')) this.#cached[name] += 1;
  }

  async #result({ scans }: DayPlan, statements: number, redisMegabytes: number): Promise<ReplayedDay> {
    const requests = this.#requests;
    const scansWithSql = this.#cache !== "none" ? await this.#servers.statements(FIND_LINK) : requests.scan;
    const scansWithoutSql = requests.scan - scansWithSql;
    const reads = requests.list + requests.get + requests.scan + requests.stats;
    const all = OPERATION_NAMES.reduce((sum, name) => sum + requests[name], 0);
    return {
      scans,
      cache: this.#cache,
      requests,
      withoutSql: {
        list: this.#cached.list / requests.list,
        get: this.#cached.get / requests.get,
        scan: scansWithoutSql / requests.scan,
        all: (this.#cached.list + this.#cached.get + scansWithoutSql) / reads,
      },
      statementsPer1000: (statements / all) * 1_000,
      redisMegabytes,
    };
  }
}
