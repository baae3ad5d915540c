import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaClasspath } from "./classpath.ts";
import { endedWithin, type Process, startProcess } from "./process.ts";
import { ready, withLog } from "./ready.ts";
import { freePort, isFree, serverProperties } from "./settings.ts";

export { KafkaUnavailable, kafkaMissing } from "./classpath.ts";

const FORMAT_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** One Apache Kafka node in KRaft mode, on 127.0.0.1, without authentication. */
export interface KafkaServer {
  /** `host:port`, one entry of a client's bootstrap list. */
  readonly brokers: string;
  /** What the node writes to its standard output and error: warnings and worse. */
  readonly logFile: string;
  /** Shuts down gracefully (after 15 s by SIGKILL) and removes the data, unless the folder was given. */
  stop(): Promise<void>;
  /** SIGKILL. Data and ports are kept for `restart`. */
  kill(): Promise<void>;
  /** Starts again on the same ports and data, after a graceful stop if it runs; throws as `startKafka` does. */
  restart(): Promise<void>;
  /** SIGSTOP: the system still accepts connections, and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
}

export interface KafkaOptions {
  /** Where clients connect on 127.0.0.1; a free port if not given. */
  port?: number;
  /** Kept by `stop`, and used again if it holds data; a new temporary folder if not given. */
  dataFolder?: string;
}

/**
 * Starts a Kafka node and waits until it serves clients: about 5 s, once Maven has resolved its jars.
 *
 * @throws {KafkaUnavailable} without Maven or the jars; ask `kafkaMissing` first to skip a suite.
 * @throws {Error} when the port is taken; with the last lines of the log when the node ends by itself or
 * isn't ready within 60 s.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const classpath = await kafkaClasspath();
  const folder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), "kafka-")));
  await mkdir(folder, { recursive: true });
  const port = options.port ?? (await freePort());
  const brokers = `127.0.0.1:${port}`;
  const logFile = join(folder, "server.log");
  const configFile = join(folder, "server.properties");
  const dataFolder = join(folder, "data");
  await writeFile(configFile, serverProperties({ port, controllerPort: await freePort(), dataFolder }));

  const java = (...main: string[]) => startProcess("java", [...javaOptions(classpath), ...main], logFile);
  let node: Process | undefined;

  async function format(): Promise<void> {
    const tool = await java("kafka.tools.StorageTool", "format", "-t", clusterId(), "-c", configFile);
    if (!(await endedWithin(FORMAT_TIMEOUT_MS, tool))) tool.signal("SIGKILL");
    if ((await tool.ended) !== 0) throw await withLog("Kafka's storage could not be formatted", logFile);
  }

  async function start(): Promise<void> {
    // Another Kafka on the port would answer in this one's place, and seem to be it.
    if (!(await isFree(port))) throw new Error(`Kafka can't start: ${brokers} is taken`);
    if (!existsSync(join(dataFolder, "meta.properties"))) await format();
    node = await java("kafka.Kafka", configFile);
    try {
      await ready(node, brokers, logFile);
    } catch (error) {
      await end("SIGKILL");
      throw error;
    }
  }

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const ending = node;
    node = undefined;
    if (!ending) return;
    ending.signal(signal);
    // A paused process takes no SIGTERM until it goes on.
    ending.signal("SIGCONT");
    if (!(await endedWithin(STOP_TIMEOUT_MS, ending))) ending.signal("SIGKILL");
    await ending.ended;
  }

  async function removeOwnFolder(): Promise<void> {
    if (options.dataFolder === undefined) await rm(folder, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await removeOwnFolder();
    throw error;
  }
  return {
    brokers,
    logFile,
    stop: () => end("SIGTERM").then(removeOwnFolder),
    kill: () => end("SIGKILL"),
    restart: () => end("SIGTERM").then(start),
    pause: () => node?.signal("SIGSTOP"),
    resume: () => node?.signal("SIGCONT"),
  };
}

function javaOptions(classpath: string): string[] {
  // A short life: the C1 compiler alone and the serial collector start about a second sooner.
  const speed = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
  const logging = ["defaultLogLevel=warn", "showDateTime=true", "dateTimeFormat=HH:mm:ss.SSS"];
  return [...speed, ...logging.map((setting) => `-Dorg.slf4j.simpleLogger.${setting}`), "-cp", classpath];
}

/** Kafka takes a UUID as 22 characters of base64url; one that begins with "-" would read as an option. */
function clusterId(): string {
  return `k${randomBytes(16).toString("base64url").slice(1)}`;
}
