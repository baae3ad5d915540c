import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const VERSION = "3.5.3";
/** Kept between runs. */
const FOLDER = join(import.meta.dirname, "../../../.corpora");
const JAR = join(FOLDER, `core-${VERSION}.jar`);
const READER = join(import.meta.dirname, "ReadContents.java");

/** As long as a registry and a busy machine may take. */
const DEADLINE_MS = 120_000;

/** Why ZXing for Java can't be had on this machine, in one line; `undefined` if it can. */
export async function zxingMissing(): Promise<string | undefined> {
  try {
    await run("javac", ["-version"]);
    if (existsSync(JAR)) return undefined;
    const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
    const what = [`-Dartifact=com.google.zxing:core:${VERSION}`, `-DoutputDirectory=${FOLDER}`];
    await run("mvn", ["-q", "-B", "-ntp", goal, ...what], { timeout: DEADLINE_MS });
    return existsSync(JAR) ? undefined : `Maven made no ${JAR}`;
  } catch (error) {
    const { code, path, message } = error as { code?: unknown; path?: string; message: string };
    return code === "ENOENT" ? `no ${path} on the PATH (Debian: default-jdk, maven)` : message.split("\n")[0];
  }
}

/** What ZXing takes the text of a code for. Fields with several values have them apart by U+001F. */
export interface ReadContent {
  kind: string;
  fields: Record<string, string>;
}

/** Reads texts of codes as an app that is made of ZXing does: networks, contacts, places, messages, numbers. */
export function readContents(texts: readonly string[]): ReadContent[] {
  const input = texts.map((text) => `${Buffer.from(text).toString("base64")}\n`).join("");
  const output = execFileSync("java", ["-cp", JAR, READER], {
    input,
    encoding: "utf8",
    timeout: DEADLINE_MS,
  });
  return output
    .trim()
    .split("\n")
    .map((line) => {
      const [kind = "", ...pairs] = line.trim().split(" ");
      return { kind, fields: Object.fromEntries(pairs.map(parsePair)) };
    });
}

function parsePair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return [pair.slice(0, at), Buffer.from(pair.slice(at + 1), "base64").toString()];
}
