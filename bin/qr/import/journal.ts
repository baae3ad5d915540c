import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { Failure } from "../parts/exit.ts";
import { type Counts, noCounts } from "./counts.ts";

/** What an import is of: a second run goes on with the first one if all of it is the same. */
export interface Identity {
  /** SHA-256 of the file. */
  file: string;
  service: string;
  /** Absent where the token alone says it. */
  tenant?: string | undefined;
  onConflict: string;
  mode: string;
  chunkRows: number;
}

/** How far an import has come. */
export interface Position {
  /** Chunks that are done. */
  chunks: number;
  /** Rows of the file in them. */
  rows: number;
  counts: Counts;
  /** Bytes of the file of failed rows, and of that of results: what stands behind them is of a chunk that is not done. */
  failedBytes: number;
  resultBytes: number;
}

const START: Position = { chunks: 0, rows: 0, counts: noCounts(), failedBytes: 0, resultBytes: 0 };

type Line =
  | ({ begun: string; run: string } & Identity)
  | { sending: number; at: string }
  | ({ done: string } & Position)
  | { finished: string };

/** A key holds for 24 hours; behind them a repeated call would do its work again. */
const KEY_LIFE_MS = 23 * 3_600_000;

/**
 * The journal of an import, beside its file. Each chunk is noted before it is sent and once it is done; one that was sent, and whose end
 * is not noted, is sent again with the same idempotency key.
 */
export class Journal {
  readonly path: string;
  readonly run: string;
  position: Position = START;
  /** When it was finished, if it was. */
  finished: string | undefined;
  #sentAt: string | undefined;
  #file: number | undefined;

  private constructor(path: string, run: string) {
    this.path = path;
    this.run = run;
  }

  /**
   * The journal of an import, as far as it has come.
   *
   * @param anew forgets what there is of it
   * @throws Failure if the one that is there is of another file or has other options, and not finished
   */
  static open(path: string, identity: Identity, anew: boolean): Journal {
    const lines = read(path);
    const [first] = lines;
    const begun = first && "begun" in first ? first : undefined;
    if (!begun || anew) return Journal.#begin(path, identity, anew ? new Date().toISOString() : "");
    const journal = new Journal(path, begun.run);
    for (const line of lines) journal.#replay(line);
    const differing = (Object.keys(identity) as (keyof Identity)[]).filter(
      (name) => identity[name] !== begun[name] && !(name === "tenant" && !(identity.tenant && begun.tenant)),
    );
    if (differing.length === 0) return journal;
    // What was finished, or has done nothing, leaves nothing to be mixed up.
    if (journal.finished !== undefined || journal.isUntouched)
      return Journal.#begin(path, identity, differing.includes("file") ? "" : new Date().toISOString());
    const what = differing.map((name) => (name === "file" ? "content of the file" : name)).join(" and ");
    throw new Failure(
      `the import of ${begun.begun} has stopped after ${journal.position.rows} rows, and now the ${what} differs. Go on with it as it was, or start over with --anew: rows without a qrId that are in already are then made once more`,
    );
  }

  static #begin(path: string, identity: Identity, run: string): Journal {
    const journal = new Journal(path, run);
    journal.#file = openSync(path, "w");
    journal.#append({ begun: new Date().toISOString(), run, ...identity });
    return journal;
  }

  /** Whether nothing was sent yet. */
  get isUntouched(): boolean {
    return this.position.chunks === 0 && this.#sentAt === undefined;
  }

  /** The idempotency key of a chunk: of the same file and place always the same. */
  keyOf(identity: Identity, index: number, body: string): string {
    const { file, onConflict, mode, chunkRows } = identity;
    const parts = [file, onConflict, mode, chunkRows, this.run, index, body];
    return `qr-import-${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}`;
  }

  /**
   * Notes that a chunk is about to be sent.
   *
   * @throws Failure if it was sent so long ago that sending it again might double it
   */
  sending(index: number, now = Date.now()): void {
    if (this.#sentAt !== undefined && now - Date.parse(this.#sentAt) > KEY_LIFE_MS)
      throw new Failure(
        `the rows behind row ${this.position.rows} were sent at ${this.#sentAt}, and nobody knows whether they arrived; by now they can't be sent again without the risk of doubling them. Compare \`qr export\` with the file, then import what is missing as a file of its own`,
      );
    this.#append({ sending: index, at: this.#sentAt ?? new Date(now).toISOString() });
  }

  done(position: Position): void {
    this.#append({ done: new Date().toISOString(), ...position });
  }

  finish(): void {
    this.#append({ finished: new Date().toISOString() });
  }

  /** Of an import that has changed nothing there is nothing to remember. */
  forget(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.path, { force: true });
  }

  #append(line: Line): void {
    this.#file ??= openSync(this.path, "a");
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#file);
    this.#replay(line);
  }

  #replay(line: Line): void {
    if ("sending" in line) this.#sentAt = line.at;
    if ("finished" in line) this.finished = line.finished;
    if ("done" in line) {
      const { done: _done, ...position } = line;
      this.position = position;
      this.#sentAt = undefined;
    }
  }
}

/** The lines of a journal. Half a line, which a kill or the loss of power may have left at its end, is cut off. */
function read(path: string): Line[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole !== text) truncateSync(path, Buffer.byteLength(whole));
  return whole
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

/** SHA-256 of a file. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest("hex");
}
