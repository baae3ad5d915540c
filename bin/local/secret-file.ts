import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Reads a secret that only its owner can read, after making it if there is none. Two processes that make it at the
 * same time get the same one.
 *
 * @throws Error in one line if the file can be neither read nor made
 */
export async function keepSecret(file: string, make: () => Promise<string>): Promise<string> {
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return undefined;
      throw error;
    });
    if (handle) {
      await handle.writeFile(await make());
      await handle.close();
    }
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`${file} can't be used: ${(error as NodeJS.ErrnoException).code ?? error}`, {
      cause: error,
    });
  }
}
