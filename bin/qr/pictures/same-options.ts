import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../parts/exit.ts";

const FILE = ".qr-pictures.json";

/**
 * Makes the folder, and sees to it that all pictures in it are drawn by the same service with the same options: one that
 * is there already is not drawn again.
 *
 * @param anew all are drawn again
 * @throws Failure if it holds others
 */
export function claimFolder(folder: string, options: object, anew: boolean): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, FILE);
  const [before, now] = [read(path), `${JSON.stringify(options)}\n`];
  if (before !== undefined && before !== now && !anew)
    throw new Failure(
      `${folder} holds pictures that were drawn with other options, ${before.trim()}: choose another folder, or draw all of them again by --anew`,
    );
  writeFileSync(path, now);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
