import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Store, Value } from "./store.ts";

const VERSION = 1;

/** At most one write of the file per this time, in milliseconds. */
const SAVE_INTERVAL_MS = 2_000;

type Stored = Exclude<Value, { type: "hash" }> | { type: "hash"; fields: [string, string][] };

/** Strings are byte strings, so that what is not UTF-8 comes back as it was. */
interface Snapshot {
  version: typeof VERSION;
  keys: { key: string; value: Stored; expiresAt?: number | undefined }[];
}

/** Fills a store from a snapshot file, if there is one. Throws if the file is none of this version. */
export function loadSnapshot(file: string, store: Store): void {
  if (!existsSync(file)) return;
  for (const { key, value, expiresAt } of parseSnapshot(file).keys) {
    store.put(key, value.type === "hash" ? { ...value, fields: new Map(value.fields) } : value, expiresAt);
  }
}

function parseSnapshot(file: string): Snapshot {
  try {
    const snapshot = JSON.parse(readFileSync(file, "utf8")) as Snapshot;
    if (snapshot.version === VERSION) return snapshot;
    throw new Error(`its version is not ${VERSION}`);
  } catch (cause) {
    throw new Error(`can't read the snapshot ${file}: delete it to start empty`, { cause });
  }
}

export interface SnapshotSaver {
  /** Notes a change, which will be saved within `SAVE_INTERVAL_MS` if the process lives that long. */
  changed(): void;

  /** Saves what has changed since the last time, now. Rejects if the file can't be written. */
  save(): Promise<void>;
}

/** Keeps a snapshot file up to date with a store. */
export function snapshotSaver(file: string, store: Store): SnapshotSaver {
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();

  async function write(): Promise<void> {
    if (!dirty) return;
    dirty = false;
    try {
      await replaceFile(file, encode(store));
    } catch (error) {
      dirty = true;
      throw error;
    }
  }

  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // One after the other: two writers would share the temporary file.
    saving = saving.catch(() => {}).then(write);
    return saving;
  }

  return {
    changed() {
      dirty = true;
      // What a save in the background can't write, the next one or the last one tries again, which then reports.
      timer ??= setTimeout(() => save().catch(() => {}), SAVE_INTERVAL_MS).unref();
    },
    save,
  };
}

function encode(store: Store): string {
  const keys = Array.from(store.entries(), ([key, { value, expiresAt }]) => ({
    key,
    expiresAt,
    value: value.type === "hash" ? { ...value, fields: [...value.fields] } : value,
  }));
  return JSON.stringify({ version: VERSION, keys } satisfies Snapshot);
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, text);
  await rename(`${file}.tmp`, file);
}
