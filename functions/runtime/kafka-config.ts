import kafkajs, { type KafkaConfig, type LogEntry, type SASLOptions } from "kafkajs";
import type { Log } from "../../core/telemetry/log.ts";
import type { Brokers } from "../../data/kafka/msk.ts";
import { type Env, EnvironmentError, required } from "./env.ts";

/**
 * How to reach Kafka. Each duration is set on purpose, since the library's own differ with NODE_ENV.
 *
 * @throws EnvironmentError if the variables name no brokers, or a user without a password
 */
export async function kafkaConfig(env: Env, clientId: string, log: Log): Promise<KafkaConfig> {
  const auth = required(env, "KAFKA_AUTH");
  const sasl = await saslOf(env, auth);
  const { brokers, tls } = await brokersOf(env, auth);
  return {
    clientId,
    brokers,
    ssl: tls || env.KAFKA_TLS === "true",
    ...(sasl ? { sasl } : {}),
    // A TLS handshake with a token takes longer than the default of 1 s allows for.
    connectionTimeout: 3_000,
    // A broker that is there acknowledges within milliseconds; the default of 30 s is half a run of the relay.
    requestTimeout: 5_000,
    // The relay tries again by itself, with a fresh producer; this is for a broker that is just starting.
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000, factor: 0.2, multiplier: 2 },
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => logEntry(log, entry),
  };
}

/** Every failure also reaches the caller, so the library's own log lines are only hints. */
function logEntry(log: Log, { namespace, log: { message, error } }: LogEntry): void {
  const cause = typeof error === "string" ? error : undefined;
  log.debug("kafka client", { namespace, reason: message, error: cause });
}

async function brokersOf(env: Env, auth: string): Promise<Brokers> {
  if (env.KAFKA_BROKERS) {
    return { brokers: env.KAFKA_BROKERS.split(",").map((broker) => broker.trim()), tls: auth === "msk-iam" };
  }
  if (!env.MSK_CLUSTER_ARN) throw new EnvironmentError("KAFKA_BROKERS or MSK_CLUSTER_ARN is required");
  const { mskBrokers } = await import("../../data/kafka/msk.ts");
  return mskBrokers(env.MSK_CLUSTER_ARN, auth);
}

async function saslOf(env: Env, auth: string): Promise<SASLOptions | undefined> {
  if (auth === "none") return undefined;
  if (auth === "msk-iam") {
    if (!env.MSK_CLUSTER_ARN) throw new EnvironmentError("MSK_CLUSTER_ARN is required by KAFKA_AUTH=msk-iam");
    const { mskIamSasl } = await import("../../data/kafka/msk.ts");
    return mskIamSasl(env.MSK_CLUSTER_ARN);
  }
  if (!env.KAFKA_USERNAME || !env.KAFKA_PASSWORD) {
    throw new EnvironmentError(`KAFKA_USERNAME and KAFKA_PASSWORD are required by KAFKA_AUTH=${auth}`);
  }
  return {
    mechanism: auth as "plain",
    username: env.KAFKA_USERNAME,
    password: env.KAFKA_PASSWORD,
  };
}
