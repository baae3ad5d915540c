import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import type { Process } from "./process.ts";

const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 100;
const LOG_TAIL_LINES = 30;

/**
 * Waits until `node` serves clients at `brokers` (`host:port`): what counts is what a client sees, a
 * controller and a broker that the controller has admitted.
 *
 * @throws {Error} with the last lines of `logFile` when the process ends or isn't ready within 60 s.
 */
export async function ready(node: Process, brokers: string, logFile: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let ended: number | NodeJS.Signals | undefined;
  void node.ended.then((how) => {
    ended = how;
  });
  while (!(await servesClients(brokers))) {
    if (ended !== undefined) throw await withLog(`Kafka ended (${ended}) before it was ready`, logFile);
    if (Date.now() > deadline) throw await withLog(`Kafka isn't ready after ${READY_TIMEOUT_MS} ms`, logFile);
    await sleep(POLL_MS);
  }
}

/** An error of `message` and the last lines of the log. */
export async function withLog(message: string, logFile: string): Promise<Error> {
  const log = await readFile(logFile, "utf8").catch(() => "(no log)");
  return new Error(`${message}\n${log.trimEnd().split("\n").slice(-LOG_TAIL_LINES).join("\n")}`);
}

async function servesClients(brokers: string): Promise<boolean> {
  const client = new Kafka({
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const { brokers: admitted, controller } = await admin.describeCluster();
    return admitted.length > 0 && controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}
