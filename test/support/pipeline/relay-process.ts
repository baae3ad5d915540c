import kafkajs from "kafkajs";
import { inProcessTopic } from "../../../data/kafka/in-process-topic.ts";
import { kafkaPublisher } from "../../../data/kafka/kafka-publisher.ts";
import type { Publisher } from "../../../data/kafka/publisher.ts";
import type { Db } from "../../../data/postgres/db.ts";
import type { GuardedRedis } from "../../../data/redis/breaker.ts";
import { RAISE_COUNTERS } from "../../../data/redis/scripts.ts";
import { createHandler as createPersistScans } from "../../../functions/persist-scans/handler.ts";
import { runRelay } from "../../../functions/relay/relay.ts";
import { required } from "../../../functions/runtime/env.ts";
import { kafkaConfig } from "../../../functions/runtime/kafka-config.ts";
import { servicesFrom } from "../../../functions/runtime/services.ts";
import { die } from "./die.ts";

/*
 * A relay that kills itself at one of its steps. Without a Kafka it hands its events to a consumer in the same process.
 * Arguments: the step, the checked variables as JSON.
 */

export type RelayStep =
  /** A batch was read and nothing was sent. */
  | "before send"
  /** Where the consumer is in this process: a batch is persisted, and the counters are not raised. */
  | "before raise"
  /** Kafka, or the consumer, has acknowledged a batch that is still in the outbox. */
  | "before delete"
  /** Half of an acknowledged batch is deleted from the stream. */
  | "mid-delete"
  /** The stream's part of a batch is deleted, that in the table is not. */
  | "before delete from the table"
  /** Events that are on their way out of a full stream are in the table, too. */
  | "mid-spill";

const [step, variables] = process.argv.slice(2) as [RelayStep, string];
const services = await servicesFrom(JSON.parse(variables));
const { env, log } = services;
const mortal = { ...services, redis: mortalRedis(services.redis), db: mortalDb(services.db) };

await runRelay(mortal, mortalPublisher(await publisherOf(required(env, "KAFKA_TOPIC"))), {
  outboxMaxLength: Number(required(env, "OUTBOX_MAX_LENGTH")),
  signal: new AbortController().signal,
  idleMs: Number.POSITIVE_INFINITY,
  // Whoever follows it waits for its lease.
  leaseMs: 500,
});

async function publisherOf(topic: string): Promise<Publisher> {
  if (!env.KAFKA_BROKERS) return inProcessTopic(topic, createPersistScans(mortal));
  return kafkaPublisher(new kafkajs.Kafka(await kafkaConfig(env, "qr-service-relay", log)), topic);
}

function mortalPublisher(publisher: Publisher): Publisher {
  return {
    ...publisher,
    async publish(events) {
      if (step === "before send") await die();
      await publisher.publish(events);
      if (step === "before delete") await die();
    },
  };
}

function mortalRedis(redis: GuardedRedis): GuardedRedis {
  return {
    ...redis,
    async command(name, ...args) {
      if (name !== "XDEL" || step !== "mid-delete") return redis.command(name, ...args);
      const [key = "", ...ids] = args;
      await redis.command(name, key, ...ids.slice(0, Math.ceil(ids.length / 2)));
      return die();
    },
    async script(script, keys, args) {
      if (script === RAISE_COUNTERS && step === "before raise") await die();
      return redis.script(script, keys, args);
    },
  };
}

function mortalDb(db: Db): Db {
  return {
    ...db,
    async write(sql, values) {
      if (step === "before delete from the table" && sql.startsWith("DELETE FROM event_outbox")) await die();
      const rows = await db.write(sql, values);
      if (step === "mid-spill" && /^\s*INSERT INTO event_outbox/.test(sql)) await die();
      return rows as never;
    },
  };
}
