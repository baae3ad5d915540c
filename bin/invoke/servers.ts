import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import type { Endpoint, Trigger } from "../../functions/manifest.ts";
import { type EnvSource, readEnv, required } from "../../functions/runtime/env.ts";
import { makeDataFolder } from "../local/data-folder.ts";
import { keepSecret } from "../local/secret-file.ts";
import { choosePostgres, chooseRedis } from "../local/servers.ts";
import type { Teardown } from "../local/teardown.ts";
import { SAMPLE_TOKENS } from "./sample-tokens.ts";

/** Stands for the Postgres that is yet to be started. */
const LATER = "postgresql://later";

/**
 * The variables of a function, over the servers that the environment names, or else those of `npm start`, on its data:
 * while that runs, name its servers.
 *
 * @throws Error in one line if the function needs what is not there
 */
export async function startServers(
  line: Endpoint | Trigger,
  source: EnvSource,
  teardown: Teardown,
): Promise<EnvSource> {
  const settings = readEnv(["local"], source);
  const dataFolder = required(settings, "DATA_FOLDER");
  makeDataFolder(dataFolder);
  const given: EnvSource = {
    ...source,
    PUBLIC_BASE_URL: source.PUBLIC_BASE_URL || `http://localhost:${required(settings, "PORT")}`,
    VISITOR_KEY: source.VISITOR_KEY || (await keepSecret(join(dataFolder, "visitor-key"), newKey)),
    ...(source.TOKEN_ISSUER ? {} : SAMPLE_TOKENS),
    ...(source.KAFKA_BROKERS ? {} : { EVENTS: source.EVENTS || "direct" }),
  };
  const say = (text: string) => console.error(`… ${text}`);
  // Without its servers the invocation fails by itself, and says why.
  const watcher = { progress: say, onLost: say };
  const uses: readonly string[] = line.uses;
  let servers: EnvSource = {};
  if (uses.includes("postgres")) {
    const postgres = await choosePostgres(source.DATABASE_URL, dataFolder, watcher);
    teardown.add(postgres.stop);
    const url = source.DATABASE_URL || required(postgres.env, "DATABASE_URL");
    await runMigrations(url);
    servers = { DATABASE_URL: url };
  }
  if (uses.includes("redis")) {
    const checked = readEnv(["redis"], { ...given, DATABASE_URL: LATER });
    const redis = await chooseRedis(checked, dataFolder, watcher);
    teardown.add(redis.stop);
    if (redis.client)
      throw new Error("a bundle runs in its own process: install redis-server, or set REDIS_URL");
    servers = { ...servers, ...redis.env };
  }
  return readEnv(line.uses, { ...given, ...servers });
}

async function newKey(): Promise<string> {
  return randomBytes(32).toString("base64url");
}
