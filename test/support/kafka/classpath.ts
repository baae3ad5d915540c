import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify, stripVTControlCharacters } from "node:util";

const run = promisify(execFile);

const POM = join(import.meta.dirname, "pom.xml");
const CACHE = join(import.meta.dirname, "../../../node_modules/.cache/kafka");

/** What a Kafka 4 broker needs (KIP-1013). */
const MINIMUM_JAVA = 17;
const JAVA_TIMEOUT_MS = 20_000;
/** A first run downloads about 45 MB of jars. */
const RESOLVE_TIMEOUT_MS = 300_000;

/** Java or Kafka's jars can't be had here; the message is one line that says which and why. */
export class KafkaUnavailable extends Error {
  override readonly name = "KafkaUnavailable";
}

/**
 * The class path of the Kafka version that pom.xml names: absolute jar paths, joined for `java -cp`.
 *
 * Maven resolves it once; then it is read from node_modules/.cache, without Maven and without a network,
 * until pom.xml changes or one of the jars is gone from the local Maven repository.
 *
 * @throws {KafkaUnavailable} without Maven on the PATH, or when it cannot resolve the jars within 5 minutes.
 */
export async function kafkaClasspath(): Promise<string> {
  const key = createHash("sha256")
    .update(await readFile(POM))
    .digest("hex")
    .slice(0, 16);
  const file = join(CACHE, `${key}.classpath`);
  return (await readCached(file)) ?? (await resolveWithMaven(file));
}

/**
 * Why Kafka can't be run on this machine, in one line: no Java 17, no Maven, or jars that don't resolve.
 * `undefined` if it can. The first call may take minutes, since it resolves the jars; it never throws.
 */
export async function kafkaMissing(): Promise<string | undefined> {
  try {
    await requireJava();
    await kafkaClasspath();
    return undefined;
  } catch (error) {
    return firstLine(error instanceof Error ? error.message : String(error));
  }
}

async function readCached(file: string): Promise<string | undefined> {
  try {
    const classpath = await readFile(file, "utf8");
    await Promise.all(classpath.split(delimiter).map((jar) => access(jar)));
    return classpath;
  } catch {
    return undefined;
  }
}

async function resolveWithMaven(file: string): Promise<string> {
  // Test files resolve in parallel processes: each writes its own file and renames it into place, whole.
  const draft = `${file}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  const goal = [
    "dependency:build-classpath",
    `-Dmdep.outputFile=${draft}`,
    `-Dmdep.pathSeparator=${delimiter}`,
  ];
  try {
    await run("mvn", ["-q", "-B", "-ntp", "-f", POM, ...goal], { timeout: RESOLVE_TIMEOUT_MS });
  } catch (error) {
    throw new KafkaUnavailable(mavenProblem(error), { cause: error });
  }
  await writeFile(draft, (await readFile(draft, "utf8")).trim());
  await rename(draft, file);
  return readFile(file, "utf8");
}

function mavenProblem(error: unknown): string {
  const { code, killed, stdout } = error as { code?: unknown; killed?: boolean; stdout?: string };
  if (code === "ENOENT") return "no Maven (mvn) on the PATH";
  if (killed) return `Maven did not resolve Kafka within ${RESOLVE_TIMEOUT_MS / 1000} s`;
  const reason = /\[ERROR\] (.*)/.exec(stripVTControlCharacters(stdout ?? ""))?.[1];
  return `Maven could not resolve Kafka: ${reason ?? firstLine(String(error))}`;
}

async function requireJava(): Promise<void> {
  let banner: string;
  try {
    // `java -version` writes to stderr.
    banner = (await run("java", ["-version"], { timeout: JAVA_TIMEOUT_MS })).stderr;
  } catch (error) {
    throw new KafkaUnavailable("no Java (java) on the PATH", { cause: error });
  }
  const version = Number(/version "(\d+)/.exec(banner)?.[1]);
  if (!(version >= MINIMUM_JAVA)) {
    throw new KafkaUnavailable(`Kafka needs Java ${MINIMUM_JAVA}, found: ${firstLine(banner)}`);
  }
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}
