import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findPip, PIP_OPTIONS } from "./pip.ts";

const run = promisify(execFile);

const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
/** Ignored by git, and kept by `npm ci`. */
const FOLDER = join(import.meta.dirname, "../../../.python");
/** A first run downloads about 13 MB. */
const INSTALL_TIMEOUT_MS = 180_000;

/**
 * The folder into which the packages of requirements.txt are installed: for `PYTHONPATH`, with programs in `bin`.
 * Fetched if need be, and then used until the requirements change.
 *
 * @throws Error if there is no pip, or it can't fetch them
 */
export async function pythonPackages(): Promise<string> {
  const hash = createHash("sha256").update(await readFile(REQUIREMENTS));
  const folder = join(FOLDER, hash.digest("hex").slice(0, 16));
  if (existsSync(folder)) return folder;
  const [command, ...pip] = await findPip();
  await mkdir(FOLDER, { recursive: true });
  // Test files fetch in parallel processes: each has its own draft, and renames it into place, whole.
  const draft = await mkdtemp(join(FOLDER, "draft-"));
  try {
    const what = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", REQUIREMENTS];
    await run(command, [...pip, "install", ...PIP_OPTIONS, ...what, "--target", draft], {
      timeout: INSTALL_TIMEOUT_MS,
    });
    await rename(draft, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** Why they can't be had on this machine, in one line; `undefined` if they can. */
export async function pythonMissing(): Promise<string | undefined> {
  try {
    await run("python3", ["--version"]);
    await pythonPackages();
    return undefined;
  } catch (error) {
    const { code, message, stderr = "" } = error as { code?: unknown; message: string; stderr?: string };
    if (code === "ENOENT") return "no python3 on the PATH";
    const said = stderr.trim().split("\n");
    return said.find((line) => line.startsWith("ERROR")) || said.at(-1) || message.split("\n")[0];
  }
}
