import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPip, PIP_OPTIONS } from "../python/pip.ts";

const run = promisify(execFile);

/** Bound on one download, in ms: both archives are small, 2 MB and 100 kB. */
const TIMEOUT_MS = 120_000;

/** An archive of a public corpus of user agents, as its registry's ordinary client fetches it. */
export interface Archive {
  /** Names its folder: another version is another folder. */
  name: string;
  /** What is taken out of it, as `tar` writes it. */
  members: string;
  /** Puts the archive, with its hash checked, into an empty folder. @throws Error in one line that says why not */
  download(folder: string): Promise<void>;
}

/** The fixtures of Matomo's device-detector: user agents by kind, with device, system and browser. LGPL, so not copied. */
const deviceDetector: Archive = {
  name: "device-detector-6.5.1",
  members: "*/tests/fixtures/upstream/*.yml",
  async download(folder) {
    const [command, ...pip] = await findPip();
    // `--require-hashes` and the version are in the file. Any Python may fetch what it could not run.
    const options = ["--no-deps", "--no-binary", "device-detector", "--ignore-requires-python"];
    const list = ["--require-hashes", "-r", join(import.meta.dirname, "requirements.txt"), "--dest", folder];
    await run(command, [...pip, "download", ...PIP_OPTIONS, ...options, ...list], { timeout: TIMEOUT_MS });
  },
};

const CRAWLERS = "crawler-user-agents@1.60.0";
const CRAWLERS_SHA512 =
  "p8hKVsnZl3msolBhGW8s86V0tmmcuBSwhTXkzkegGQzTt0A/ysKDHKzek9fichfqL5qBEgDrR9CuGBU0Y7bDrg==";

/** The crawlers of monperrus/crawler-user-agents. MIT. */
const crawlerUserAgents: Archive = {
  name: "crawler-user-agents-1.60.0",
  members: "*/crawler-user-agents.json",
  async download(folder) {
    await run("npm", ["pack", CRAWLERS, "--silent", "--ignore-scripts", "--pack-destination", folder], {
      timeout: TIMEOUT_MS,
    });
    const [archive = ""] = await readdir(folder);
    const hash = createHash("sha512").update(await readFile(join(folder, archive)));
    if (hash.digest("base64") !== CRAWLERS_SHA512) throw new Error(`${archive} is not what its hash says`);
  },
};

export const archives = { deviceDetector, crawlerUserAgents };

/** Takes the archive's corpus out of it. */
export async function unpack(archive: Archive, folder: string, into: string): Promise<void> {
  const [file = ""] = await readdir(folder);
  const wildcards = process.platform === "linux" ? ["--wildcards"] : [];
  await run("tar", ["-xzf", join(folder, file), "-C", into, ...wildcards, archive.members]);
}
