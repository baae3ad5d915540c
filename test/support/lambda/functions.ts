import type { Log } from "../../../core/telemetry/log.ts";
import { PATIENT_REDIS } from "../test-stack.ts";
import { startUpstashServer } from "../upstash-server.ts";
import type { Account } from "./account.ts";
import type { FunctionAsset } from "./assets.ts";
import { deploy, environmentOf } from "./deployment.ts";
import { type LambdaFunction, lambdaFunction } from "./lambda-function.ts";

/** The functions of a deployed stage, each from its asset. */
export interface DeployedFunctions {
  /** Its sandboxes start with its first invocation. */
  named(name: string): LambdaFunction;
  /** Another deployment of a function, for instance with less time. */
  changed(name: string, change: Partial<FunctionAsset>): LambdaFunction;
  stop(): Promise<void>;
}

export interface FunctionServers {
  databaseUrl: string;
  redisUrl: string;
  publicUrl: string;
  log: Log;
  /** Whose tokens the functions take. */
  tokens: Record<string, string>;
}

/** Deploys the account's functions over these servers. */
export async function deployFunctions(
  account: Account,
  servers: FunctionServers,
): Promise<DeployedFunctions> {
  const { databaseUrl, redisUrl, publicUrl, log, tokens } = servers;
  const upstash = account.redis === "upstash" ? await startUpstashServer(redisUrl) : undefined;
  const deployment = deploy(account, { databaseUrl, publicUrl, tokens, redis: upstash ?? { url: redisUrl } });
  const functions = new Map<string, LambdaFunction>();
  const changed = (name: string, change: Partial<FunctionAsset>) => {
    const asset = { ...account.asset(name), ...change };
    const onLine = (line: string) => relog(line, log);
    const environment = { ...environmentOf(asset, deployment), ...PATIENT_REDIS, ...tokens };
    const added = lambdaFunction(asset, environment, { account, onLine });
    functions.set(`${name} ${functions.size}`, added);
    return added;
  };
  return {
    named(name) {
      const known = functions.get(name) ?? changed(name, {});
      functions.set(name, known);
      return known;
    },
    changed,
    async stop() {
      await Promise.all([...functions.values()].map((each) => each.stop()));
      await upstash?.stop();
    },
  };
}

const LEVELS = { DEBUG: "debug", INFO: "info", WARN: "warn", ERROR: "error" } as const;

/** What a function logs, as the stack's own log would have it. What a library prints by itself is a warning. */
function relog(line: string, log: Log): void {
  const { level, message, ...fields } = parsed(line);
  // Figures in the embedded metric format have no level.
  if ("_aws" in fields) return;
  log[LEVELS[level as keyof typeof LEVELS] ?? "warn"](String(message ?? line), fields);
}

function parsed(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
