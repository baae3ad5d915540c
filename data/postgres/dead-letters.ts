import type { Db } from "./db.ts";

/** A record that could not be parsed, and its position. Each position is stored once. */
export interface DeadLetter {
  /** A Kafka topic, the Redis stream, or the outbox table. */
  topic: string;
  partition: number;
  /** Its place there: an offset, or an ID. */
  offset: string;
  reason: string;
  /** Base64: the bytes may be no text that Postgres takes. */
  key: string | null;
  value: string | null;
}

/**
 * A statement that stores dead letters, to stand alone or in a larger one.
 *
 * @param parameter the place of a JSON array of `DeadLetter`s, `$1` or so
 * @param condition SQL; nothing is stored unless it holds
 */
export function insertDeadLetters(parameter: string, condition = "true"): string {
  return `INSERT INTO dead_letters (topic, partition, "offset", reason, key, value)
  SELECT * FROM jsonb_to_recordset(${parameter}::jsonb) AS r(
    topic text, partition integer, "offset" text, reason text, key text, value text)
  WHERE ${condition} ON CONFLICT DO NOTHING`;
}

/** @throws Unavailable if the database does not answer */
export async function storeDeadLetter(db: Db, letter: DeadLetter): Promise<void> {
  await db.write(insertDeadLetters("$1"), [JSON.stringify([letter])]);
}
