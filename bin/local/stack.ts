import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import { runMigrations } from "../../data/postgres/run-migrations.ts";
import { routes, triggers } from "../../functions/manifest.ts";
import { type Env, type EnvSource, readEnv, required } from "../../functions/runtime/env.ts";
import { type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type Banner, banner } from "./banner.ts";
import { openConsole } from "./console.ts";
import { corsRule, originsOf } from "./cors.ts";
import { makeDataFolder } from "./data-folder.ts";
import { drawingPool } from "./drawing-pool.ts";
import { fewTransactions, transactionLimits } from "./few-transactions.ts";
import { closeGateway, gatewayUrl, openPort, serveGateway } from "./gateway.ts";
import { createHandlers } from "./handlers.ts";
import { manyRowsThread } from "./many-rows-thread.ts";
import { countedMetrics } from "./metrics/counted.ts";
import { openMetrics } from "./metrics/pages.ts";
import { startPipeline } from "./pipeline.ts";
import { startPipelineChild } from "./pipeline-child.ts";
import { rateLimiter } from "./rate-limit.ts";
import { recentDelay } from "./recent-delay.ts";
import { removeTogether } from "./remove-together.ts";
import { keepSecret } from "./secret-file.ts";
import { choosePostgres, chooseRedis, type Watcher } from "./servers.ts";
import type { Teardown } from "./teardown.ts";
import { LOCAL_TOKENS, openTokenIssuer } from "./tokens.ts";

/** Connections of the gateway's process, which serves many requests at a time. */
const POOL_SIZE = "10";

/** Stands for the Postgres that is yet to be started, so that all variables are checked before anything is. */
const LATER = "postgresql://later";

/**
 * Starts all of the service: servers, schema, relay and consumer, gateway. What it starts it adds to `teardown`.
 *
 * @param source the variables that were set; what is missing gets a value that suits one machine
 * @returns what to tell the person at the terminal
 * @throws Error in one line if something is wrong
 */
export async function startStack(source: EnvSource, teardown: Teardown, watcher: Watcher): Promise<string> {
  const { progress } = watcher;
  const settings = readEnv(["local"], source);
  const port = required(settings, "PORT");
  const host = required(settings, "HOST");
  const dataFolder = required(settings, "DATA_FOLDER");
  const [cors, limit] = [corsRule(originsOf(settings)), rateLimiter(settings)];

  // The port comes first: it is the likeliest thing to be wrong, and nothing has been started yet.
  const server = await openPort(host, Number(port));

  makeDataFolder(dataFolder);
  const given = {
    ...source,
    ...LOCAL_TOKENS,
    PUBLIC_BASE_URL: source.PUBLIC_BASE_URL || gatewayUrl(host, port),
    DATABASE_POOL_SIZE: source.DATABASE_POOL_SIZE || POOL_SIZE,
    VISITOR_KEY: source.VISITOR_KEY || (await keepSecret(join(dataFolder, "visitor-key"), newVisitorKey)),
  };
  const uses = [...routes, ...triggers].flatMap((part) => [...part.uses]);
  const checked = readEnv(["local", ...uses], { ...given, DATABASE_URL: source.DATABASE_URL || LATER });
  const issuer = await openTokenIssuer(dataFolder, required(checked, "TENANT_CLAIM"));
  const postgres = await choosePostgres(source.DATABASE_URL, dataFolder, watcher);
  teardown.add(postgres.stop);
  const redis = await chooseRedis(checked, dataFolder, watcher);
  teardown.add(redis.stop);

  const unset = Object.entries(redis.defaults ?? {}).filter(([name]) => !source[name]);
  const found = { ...Object.fromEntries(unset), ...postgres.env, ...redis.env };
  const env = readEnv(["local", ...uses], { ...given, ...found });
  progress("bringing the schema up to date");
  await runMigrations(required(env, "DATABASE_URL")).catch((cause: Error) => {
    throw new Error(`The database can't be brought up to date: ${cause.message}`, { cause });
  });

  const drawing = drawingPool();
  teardown.add(drawing.close);
  const eventLoop = recentDelay();
  teardown.add(async () => eventLoop.stop());
  const counted = countedMetrics();
  const made = await servicesFrom(env, {
    metrics: counted.metrics,
    drawing,
    redrawLogo: drawing.redrawLogo,
    sheets: drawing.sheets,
    eventLoop,
    issuerKeys: fixedKeys(issuer.publicKeys),
    ...(redis.client ? { redis: redis.client } : {}),
  });
  const services = removeTogether(fewTransactions(made, transactionLimits(made)));
  teardown.add(services.close);
  // A Redis that is in this process no thread can reach.
  const manyRows = usesServer(env)
    ? manyRowsThread({ env, publicKeys: issuer.publicKeys, counted })
    : undefined;
  teardown.add(async () => manyRows?.close());
  progress("starting the relay");
  const events = await runPipeline(services, dataFolder, teardown, progress);
  progress("building the console");
  const { secret, ...console } = await openConsole({
    services,
    issuer,
    dataFolder,
    tenantClaim: required(env, "TENANT_CLAIM"),
    host,
    port,
    publicBaseUrl: required(env, "PUBLIC_BASE_URL"),
  });
  const figures = await openMetrics({ services, counted, dataFolder, host });
  teardown.add(async () => figures.stop());
  serveGateway(server, {
    handlers: { ...createHandlers(services, counted.metricsOf), ...manyRows?.handlers },
    replied: counted.replied,
    log: services.log,
    cors,
    limit,
    signIn: console.signIn,
    beside: async (request, path) => console.beside(request, path) ?? figures.beside(request, path),
  });
  teardown.add(() => closeGateway(server));

  const running: Banner = {
    baseUrl: gatewayUrl(host, port),
    servers: [postgres.description, redis.description, events],
    token: await issuer.issue(["tenant_acme"], SCOPES),
    port,
    host,
    secret,
    metricsToken: figures.token,
  };
  return banner(running);
}

/** Beside this process, unless Redis is in this one, where no other process can reach it. */
async function runPipeline(
  services: Services,
  dataFolder: string,
  teardown: Teardown,
  tell: Watcher["progress"],
): Promise<string> {
  if (!usesServer(services.env)) return startPipeline(services, teardown);
  const child = startPipelineChild(services.env, dataFolder, tell);
  teardown.add(child.stop);
  return child.ready;
}

const usesServer = ({ REDIS_URL, UPSTASH_REDIS_REST_URL }: Env) =>
  Boolean(REDIS_URL || UPSTASH_REDIS_REST_URL);

async function newVisitorKey(): Promise<string> {
  return randomBytes(32).toString("base64url");
}
