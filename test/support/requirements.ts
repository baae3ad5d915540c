import { spawnSync } from "node:child_process";
import { findRedisServer } from "../../bin/local/redis-server.ts";
import { findChromium } from "./browser.ts";
import { corporaMissing } from "./corpora/fetch.ts";
import { kafkaMissing } from "./kafka/server.ts";
import { pythonMissing } from "./python/packages.ts";
import { ptyMissing } from "./terminal.ts";
import { zxingMissing } from "./zxing/contents.ts";

/**
 * What a suite may need and a machine may lack: servers, tools, the corpora of user agents, readers of printable files and of
 * what codes say.
 */
export type Requirement =
  | "redis-server"
  | "kafka"
  | "corpora"
  | "luacheck"
  | "python"
  | "curl"
  | "pdftoppm"
  | "gs"
  | "zxing"
  | "pty"
  | "chromium";

/** Why one can't be had on this machine; `undefined` if it can. */
const REASONS: Record<Requirement, () => Promise<string | undefined>> = {
  "redis-server": async () =>
    findRedisServer() ? undefined : "neither redis-server nor valkey-server on the PATH",
  kafka: kafkaMissing,
  corpora: corporaMissing,
  python: pythonMissing,
  luacheck: async () => notOnPath("luacheck", "lua-check"),
  curl: async () => notOnPath("curl", "curl"),
  pdftoppm: async () => notOnPath("pdftoppm", "poppler-utils", "-v"),
  gs: async () => notOnPath("gs", "ghostscript"),
  zxing: zxingMissing,
  pty: async () => ptyMissing(),
  chromium: async () => (findChromium() ? undefined : "no chromium on the PATH (Debian: chromium)"),
};

/**
 * @param packageName Debian's
 * @param harmless an argument with which it does nothing
 */
function notOnPath(program: string, packageName: string, harmless = "--version"): string | undefined {
  const { error } = spawnSync(program, [harmless]);
  return error && `no ${program} on the PATH (Debian: ${packageName})`;
}

/** Whether one is missing: for `describe.skipIf`. */
export async function lacks(requirement: Requirement): Promise<boolean> {
  return (await REASONS[requirement]()) !== undefined;
}

/** All that is missing, with the reason. */
export async function findMissing(): Promise<[Requirement, string][]> {
  const found: [Requirement, string][] = [];
  for (const requirement of Object.keys(REASONS) as Requirement[]) {
    const reason = await REASONS[requirement]();
    if (reason) found.push([requirement, reason]);
  }
  return found;
}
