import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { authenticator } from "../../../functions/http/authenticate.ts";
import type { HttpReply } from "../../../functions/http/reply.ts";
import { routes } from "../../../functions/manifest.ts";
import type { Services } from "../../../functions/runtime/services.ts";
import { keepSecret } from "../secret-file.ts";
import { isAtThisMachine, isLoopback, isSecret, newSignInSecret } from "../sign-in/trusted.ts";
import type { Counted } from "./counted.ts";
import type { Family } from "./family.ts";
import { type ServerFigures, serverFigures, serviceFigures } from "./figures.ts";
import { lastHour } from "./last-hour.ts";

/** For Prometheus, since the start. */
export const METRICS_PATH = "/metrics";

/** For the console, over the last hour. */
export const SUMMARY_PATH = "/metrics/summary";

const BREAKER = ["closed", "half-open", "open"];

export interface MetricsOptions {
  services: Services;
  counted: Counted;
  dataFolder: string;
  /** What the gateway listens on. */
  host: string;
}

export interface MetricsPages {
  /** The reply to a path of its own. @throws ServiceError if the caller may not see the summary */
  beside(request: IncomingMessage, path: string): Promise<HttpReply | undefined>;
  /** What Prometheus has to send, where others than this machine can reach the gateway. */
  token: string | undefined;
  stop(): void;
}

/**
 * Serves the figures of this machine's service: to whoever sits at it; to others with the token, and the summary to
 * those who administer keys as well.
 */
export async function openMetrics(options: MetricsOptions): Promise<MetricsPages> {
  const { services, counted, dataFolder, host } = options;
  const token = await keepSecret(join(dataFolder, "metrics-token"), newSignInSecret);
  const hour = lastHour(counted.read);
  const functions = routes.map(({ name }) => name);
  const isKnown = (request: IncomingMessage) =>
    isAtThisMachine(host, request) || isSecret(bearerOf(request), token);
  return {
    token: isLoopback(host) ? undefined : token,
    stop: hour.stop,
    async beside(request, path) {
      if (request.method !== "GET" && request.method !== "HEAD") return undefined;
      if (path === METRICS_PATH) {
        if (!isKnown(request)) return unauthorized();
        const gauges = gaugesOf(await serverFigures(services));
        // Loaded by who asks: nothing else at this machine needs it.
        const { CONTENT_TYPE, prometheusText } = await import("./prometheus.ts");
        return uncached(CONTENT_TYPE, await prometheusText([...counted.read(), ...gauges]));
      }
      if (path !== SUMMARY_PATH) return undefined;
      if (!isKnown(request)) await authenticator(services)(request.headers.authorization, "qr:admin");
      return uncached("application/json", JSON.stringify(await serviceFigures(services, hour, functions)));
    },
  };
}

/** What is read when it is asked for; NaN is what can't be. */
function gaugesOf({ redisMemoryBytes, outbox, breaker }: ServerFigures): Family[] {
  const gauge = (name: string, help: string, value: number): Family => ({
    name,
    help,
    type: "gauge",
    values: [{ labels: {}, value }],
  });
  return [
    gauge("qr_redis_used_memory_bytes", "Memory that Redis uses for data", redisMemoryBytes ?? Number.NaN),
    gauge("qr_outbox_depth", "Events that wait to be published", outbox.depth),
    gauge(
      "qr_outbox_oldest_age_seconds",
      "How long the oldest of them has waited",
      outbox.oldestAgeMs / 1_000,
    ),
    gauge(
      "qr_breaker_state",
      "Breaker before Redis: 0 closed, 1 half-open, 2 open",
      BREAKER.indexOf(breaker),
    ),
  ];
}

function bearerOf({ headers }: IncomingMessage): string {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
}

function uncached(type: string, body: string): HttpReply {
  return { statusCode: 200, headers: { "content-type": type, "cache-control": "no-store" }, body };
}

function unauthorized(): HttpReply {
  return {
    statusCode: 401,
    headers: { "content-type": "text/plain", "cache-control": "no-store", "www-authenticate": "Bearer" },
    body: "the token that the terminal shows is required\n",
  };
}
