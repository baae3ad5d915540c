import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Archive, archives, unpack } from "./archives.ts";

/** Ignored by git, and kept by `npm ci`. */
const FOLDER = join(import.meta.dirname, "../../../.corpora");

/** The folder of an archive's corpus, fetched if need be. @throws Error if it can't be fetched */
export async function corpusFolder(archive: Archive): Promise<string> {
  const folder = join(FOLDER, archive.name);
  if (existsSync(folder)) return folder;
  await mkdir(FOLDER, { recursive: true });
  // Test files fetch in parallel processes: each has its own drafts, and renames them into place, whole.
  const drafts = await mkdtemp(join(FOLDER, "draft-"));
  try {
    const [download, content] = [join(drafts, "archive"), join(drafts, "content")];
    await Promise.all([mkdir(download), mkdir(content)]);
    await archive.download(download);
    await unpack(archive, download, content);
    await rename(content, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(drafts, { recursive: true, force: true });
  }
  return folder;
}

/** Why the corpora can't be had on this machine, in one line; `undefined` if they are there. Takes seconds at first. */
export async function corporaMissing(): Promise<string | undefined> {
  try {
    for (const archive of Object.values(archives)) await corpusFolder(archive);
    return undefined;
  } catch (error) {
    const { message, stderr } = error as { message: string; stderr?: string };
    const said = stderr?.trim().split("\n") ?? [];
    const reason = said.find((line) => line.startsWith("ERROR")) ?? said.at(-1) ?? "";
    return `${reason || message.split("\n")[0]} (\`npm run corpora\` fetches them)`;
  }
}

if (import.meta.main) {
  const missing = await corporaMissing();
  console.log(missing ?? `the corpora are in ${FOLDER}`);
  if (missing) process.exitCode = 1;
}
