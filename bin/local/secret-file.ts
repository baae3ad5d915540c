import { randomUUID } from "node:crypto";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDataFolder } from "./data-folder.ts";

/**
 * Reads a secret that only its owner can read, after making it if there is none. Two processes that make it at the
 * same time get the same one.
 *
 * @throws Error in one line if the file can be neither read nor made
 */
export async function keepSecret(file: string, make: () => Promise<string>): Promise<string> {
  makeDataFolder(dirname(file));
  try {
    return (await read(file)) ?? (await makeOnce(file, await make()));
  } catch (error) {
    throw new Error(`${file} can't be used: ${(error as NodeJS.ErrnoException).code ?? error}`, {
      cause: error,
    });
  }
}

/** The file appears under its name complete or not at all, so a reader never sees half of it. */
async function makeOnce(file: string, secret: string): Promise<string> {
  const unnamed = `${file}.${randomUUID()}`;
  try {
    await writeFile(unnamed, secret, { mode: 0o600, flag: "wx" });
    await link(unnamed, file).catch(unless("EEXIST"));
    return await readFile(file, "utf8");
  } finally {
    await rm(unnamed, { force: true });
  }
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch(unless("ENOENT"));
}

function unless(code: string) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };
}
