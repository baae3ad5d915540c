import { open, rename, rm } from "node:fs/promises";

export interface WholeFile {
  write(data: Uint8Array | string): Promise<void>;
  /** Puts it in its place. */
  keep(): Promise<void>;
  /** Leaves what stood in its place. */
  discard(): Promise<void>;
}

/** A file that appears in its place once all of it is written. */
export async function wholeFile(path: string): Promise<WholeFile> {
  const part = `${path}.part`;
  const file = await open(part, "w");
  return {
    async write(data) {
      await file.writeFile(data);
    },
    async keep() {
      await file.close();
      await rename(part, path);
    },
    async discard() {
      await file.close();
      await rm(part, { force: true });
    },
  };
}
