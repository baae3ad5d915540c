import type { AddressInfo } from "node:net";
import {
  closeGateway,
  type GatewayOptions,
  type Handlers,
  openPort,
  serveGateway,
} from "../../bin/local/gateway.ts";
import { createHandlers } from "../../bin/local/handlers.ts";
import { memoryRedis } from "../../bin/local/memory-redis/index.ts";
import type { Counted } from "../../bin/local/metrics/counted.ts";
import { findRedisServer, type RedisServer, startRedisServer } from "../../bin/local/redis-server.ts";
import { LOCAL_TOKENS, type TokenIssuer } from "../../bin/local/tokens.ts";
import { fixedKeys } from "../../core/auth/issuer-keys.ts";
import { SCOPES } from "../../core/auth/scopes.ts";
import type { RedisPort } from "../../data/redis/port.ts";
import { routes, type Scope, triggers } from "../../functions/manifest.ts";
import { readEnv } from "../../functions/runtime/env.ts";
import { type ServiceOverrides, type Services, servicesFrom } from "../../functions/runtime/services.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { keepOutOfLogs, type LogRecorder, recordLog } from "./log-recorder.ts";
import { checkReply } from "./openapi-check.ts";
import { testIssuer } from "./test-issuer.ts";
import { tokenVariables, trustedJwk } from "./trusted-key.ts";

export const TEST_VISITOR_KEY = "test-visitor-key-of-at-least-32-chars";

/**
 * The deadline for Redis, far above what a reply takes on a machine that stands still for a moment. Past its default of
 * 250 ms a request is answered from Postgres: correctly, but as a miss. A suite whose Redis hangs sets its own.
 */
export const PATIENT_REDIS = { REDIS_TIMEOUT_MS: "5000" };

export interface TestStack {
  baseUrl: string;
  services: Services;
  database: TestDatabase;
  /** The private server; `undefined` where the machine has none and a stand-in plays it. */
  redisServer: RedisServer | undefined;
  log: LogRecorder;
  issuer: TokenIssuer;
  /** What answers the gateway's events. */
  handlers: Handlers;
  /** The variables by which a function takes the tokens of the stack's issuer, and of the trusted key. */
  tokens: Record<string, string>;
  /** A request whose reply is held against the API's description, on behalf of `tenant`, `tenant_a` unless told otherwise, with every scope. */
  call(path: string, init?: CallInit): Promise<Response>;
  close(): Promise<void>;
}

export interface CallInit extends Omit<RequestInit, "body"> {
  tenant?: string | null;
  scopes?: readonly Scope[];
  /** Sent as JSON. */
  json?: unknown;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** What handlers outside of this process have to know of a stack. */
export interface StackServers {
  baseUrl: string;
  database: TestDatabase;
  /** Absent where a stand-in in this process plays Redis. */
  redisUrl: string | undefined;
  log: LogRecorder;
  tokens: Record<string, string>;
}

/** Starts handlers over a stack's servers, in place of those of this process. */
export type StartHandlers = (
  servers: StackServers,
) => Promise<{ handlers: Handlers; close(): Promise<void> }>;

export interface TestStackOptions extends ServiceOverrides {
  /** Variables over those that the stack needs. */
  env?: Record<string, string>;
  /** The stack's own services then only look at what those handlers do. */
  startHandlers?: StartHandlers;
  /** What the handlers are counted by, if they are. */
  counted?: Counted;
  /** What the gateway serves beside the API. */
  extend?(made: Pick<TestStack, "baseUrl" | "services" | "issuer">): Promise<Partial<GatewayOptions>>;
}

/** How a suite gets the stack that it runs against. */
export type StartStack = (options?: TestStackOptions) => Promise<TestStack>;

/** The whole service on a free port, with a database and a Redis of its own. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { env: given = {}, startHandlers, extend, counted, ...overrides } = options;
  const server = await openPort("127.0.0.1", 0);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const database = await testDatabase();
  const ownRedis = !overrides.redis && !given.REDIS_URL && !given.UPSTASH_REDIS_REST_URL;
  const redisServer = ownRedis && findRedisServer() ? await startRedisServer() : undefined;
  const standIn: RedisPort | undefined = ownRedis && !redisServer ? memoryRedis() : undefined;
  const env = readEnv(
    [...routes, ...triggers].flatMap((part) => [...part.uses]),
    {
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: "5",
      PUBLIC_BASE_URL: baseUrl,
      VISITOR_KEY: TEST_VISITOR_KEY,
      ...LOCAL_TOKENS,
      ...PATIENT_REDIS,
      ...(redisServer ? { REDIS_URL: redisServer.url } : {}),
      ...given,
    },
  );
  keepOutOfLogs([env.UPSTASH_REDIS_REST_TOKEN, env.VISITOR_KEY, env.KAFKA_PASSWORD]);
  const log = recordLog();
  const issuer = await testIssuer();
  const keys = [...issuer.publicKeys.keys, trustedJwk];
  const services = await servicesFrom(env, {
    log,
    issuerKeys: fixedKeys({ keys }),
    ...(standIn ? { redis: standIn } : {}),
    ...(counted ? { metrics: counted.metrics } : {}),
    ...overrides,
  });
  const tokens = tokenVariables(keys);
  const elsewhere = await startHandlers?.({ baseUrl, database, redisUrl: redisServer?.url, log, tokens });
  const handlers = elsewhere?.handlers ?? createHandlers(services, counted?.metricsOf);
  const beside = await extend?.({ baseUrl, services, issuer });
  serveGateway(server, { handlers, log, ...(counted ? { replied: counted.replied } : {}), ...beside });

  return {
    baseUrl,
    services,
    database,
    redisServer,
    log,
    issuer,
    handlers,
    tokens,
    async call(path, { tenant = "tenant_a", scopes = SCOPES, json, headers, ...init } = {}) {
      const token = tenant === null ? undefined : await issuer.issue([tenant], scopes, services.now());
      const reply = await fetch(`${baseUrl}${path}`, {
        redirect: "manual",
        ...init,
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
      });
      await checkReply(init.method ?? "GET", path, reply);
      return reply;
    },
    async close() {
      server.closeAllConnections();
      await closeGateway(server);
      await elsewhere?.close();
      await services.close();
      await redisServer?.stop();
      await database.drop();
    },
  };
}
