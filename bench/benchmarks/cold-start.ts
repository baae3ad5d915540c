import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SAMPLE_TOKENS } from "../../bin/invoke/sample-tokens.ts";
import { endpoints, lambdaOf, type Route, routes, triggers } from "../../functions/manifest.ts";
import { type FunctionAsset, synthesizeFunctions } from "../../test/support/lambda/assets.ts";
import { type Weight, weigh } from "../../test/support/lambda/cold-start.ts";
import { runtimeVariables, startSandbox } from "../../test/support/lambda/sandbox.ts";
import { sampleEvent } from "../../test/support/sample-event.ts";
import { withChild } from "../child-process.ts";
import { bundlePackage } from "../package-bundle.ts";
import { type Servers, withServers } from "../servers.ts";
import { type Sample, sample } from "../statistics.ts";

export interface ColdStartOptions {
  /** Fresh processes of which each figure is the median. */
  processes: number;
}

export interface ColdStart {
  processes: number;
  /** Milliseconds from the start of the process to the reply of a handler that does nothing. */
  emptyReplyMs: Sample;
  functions: (Weight & {
    name: string;
    /** Milliseconds, likewise; `null` for what is not started by a request. */
    replyMs: Sample | null;
  })[];
  /** Each package alone, bundled and minified. */
  packages: (Weight & { name: string })[];
}

/** Packages that a function loads when it starts or at its first call; first what a request to Upstash takes of Node itself. */
const PACKAGES = [
  "node:https",
  "@middy/core",
  "@middy/http-json-body-parser",
  "@aws-lambda-powertools/logger",
  "@aws-lambda-powertools/metrics",
  "isbot",
  "uuid",
  "nanoid",
  "zod",
  "qr",
  "fast-png",
  "negotiator",
  "@upstash/redis",
  "pg",
  "bowser",
  "kafkajs",
  "@aws-sdk/client-kafka",
  "node-pg-migrate",
];

/** In this order the routes' sample events tell the life of a code, and of what it uses. */
const METHODS = ["PUT", "POST", "GET", "PATCH", "DELETE"];
const AFTER_DELETE = METHODS.length;
const turnOf = ({ name, methods: [method] }: Route) =>
  name === "restore" ? AFTER_DELETE : METHODS.indexOf(method ?? "");

/** Every route that has a Lambda of its own, but that of errors; reads are sent once before, so that they hit the cache. */
const LIFE = (routes as readonly Route[])
  .filter(({ methods, partOf }) => methods.length > 0 && partOf === undefined)
  .sort((one, other) => turnOf(one) - turnOf(other));
const isRead = ({ methods }: Route) => methods.includes("GET");

/** No secret is read here, and AWS is not asked for anything. */
const NO_ACCOUNT = {
  secrets: { admit() {} },
  aws: { url: "http://127.0.0.1:1" },
  authorityFile: "",
} as unknown as Parameters<typeof startSandbox>[2]["account"];

/** What a new sandbox of each function costs, run from the bundle that would be uploaded. */
export async function coldStart(
  { processes }: ColdStartOptions,
  progress: (line: string) => void,
): Promise<ColdStart> {
  const folder = mkdtempSync(join(tmpdir(), "qr-service-bench-"));
  try {
    progress("cold start: synthesizing");
    // Upstash is the production default.
    const assets = synthesizeFunctions(join(folder, "cdk.out"), { redis: "upstash" });
    return await withServers(async (servers) => {
      const times = await replyTimes(assets, servers, processes, progress);
      const weights: ColdStart["functions"] = [];
      for (const { name } of [...endpoints, ...triggers]) {
        // Copying the issuer's keys is for a VPC.
        if (!assets.has(name)) continue;
        progress(`cold start: import of ${name}`);
        const asset = required(assets, name);
        const environment = {
          ...environmentOf(servers, UPSTASH),
          ...runtimeVariables(asset, NO_ACCOUNT),
        };
        const replies = times.get(name);
        const weight = await weigh(asset, environment, processes);
        weights.push({ name, ...weight, replyMs: replies ? sample(replies) : null });
      }
      const packages: ColdStart["packages"] = [];
      for (const name of PACKAGES) {
        progress(`cold start: import of ${name}`);
        const asset = { folder: await bundlePackage(name, folder) } as FunctionAsset;
        packages.push({ name, ...(await weigh(asset, {}, processes)) });
      }
      return { processes, emptyReplyMs: sample(times.get("empty") ?? []), functions: weights, packages };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function replyTimes(
  assets: Map<string, FunctionAsset>,
  servers: Servers,
  processes: number,
  progress: (line: string) => void,
): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
  const { UPSTASH_REDIS_REST_TOKEN } = UPSTASH;
  const played = { REDIS_URL: servers.redisUrl, UPSTASH_TOKEN: UPSTASH_REDIS_REST_TOKEN };
  return withChild("upstash.ts", played, async ({ port }) => {
    const url = `http://127.0.0.1:${port}`;
    const environment = environmentOf(servers, { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN });
    for (let round = 1; round <= processes; round++) {
      progress(`cold start: replies, round ${round} of ${processes}`);
      await servers.sql.query("DELETE FROM qr_codes");
      await servers.sql.query("DELETE FROM idempotency_keys");
      note("empty", await firstReply(emptyAsset(required(assets, "health")), {}, {}));
      for (const route of LIFE) {
        const { name } = route;
        const event = sampleEvent<object>(route);
        if (isRead(route)) await firstReply(required(assets, lambdaOf(route)), environment, event);
        note(name, await firstReply(required(assets, lambdaOf(route)), environment, event));
      }
    }
    return times;
  });
}

/** @throws Error if the reply is an error's */
async function firstReply(
  asset: FunctionAsset,
  environment: Record<string, string>,
  event: object,
): Promise<number> {
  const startedAt = performance.now();
  const sandbox = await startSandbox(asset, environment, { account: NO_ACCOUNT });
  try {
    const reply = (await sandbox.invoke(event)) as { statusCode?: number } | null;
    if ((reply?.statusCode ?? 200) >= 400)
      throw new Error(`${asset.name} replied ${JSON.stringify(reply).slice(0, 300)}`);
    return performance.now() - startedAt;
  } finally {
    await sandbox.stop();
  }
}

/** Named so that a function starts, and never asked. */
const UPSTASH = { UPSTASH_REDIS_REST_URL: "https://example.upstash.io", UPSTASH_REDIS_REST_TOKEN: "none" };

/** A function's variables, over what names its Redis. */
function environmentOf(
  { env: { KEY_FOLDER, REDIS_URL, ...env } }: Servers,
  redis: Record<string, string>,
): Record<string, string> {
  return {
    ...env,
    ...redis,
    DATABASE_POOL_SIZE: "1",
    ...SAMPLE_TOKENS,
    POWERTOOLS_SERVICE_NAME: "qr-bench",
    KAFKA_BROKERS: "127.0.0.1:1",
  };
}

function emptyAsset(like: FunctionAsset): FunctionAsset {
  return { ...like, name: "empty", folder: join(import.meta.dirname, "../empty-function") };
}

function required(assets: Map<string, FunctionAsset>, name: string): FunctionAsset {
  const asset = assets.get(name);
  if (!asset) throw new Error(`there is no function ${name}`);
  return asset;
}
