import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { BYTE_ORDER_MARK } from "../../../core/csv/write.ts";

/** A CSV file that grows with each chunk, and is made with its first row. */
export class RowFile {
  readonly path: string;
  readonly #header: string;
  #file: number | undefined;
  #bytes: number;

  /**
   * @param header as a line of CSV
   * @param bytes what of the file counts: a run that was killed may have left more. None: there is no file yet
   */
  constructor(path: string, header: string, bytes: number) {
    this.path = path;
    this.#header = header;
    this.#bytes = bytes;
    if (bytes === 0) rmSync(path, { force: true });
    else if (existsSync(path)) {
      this.#file = openSync(path, "r+");
      ftruncateSync(this.#file, bytes);
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds lines of CSV, and has them on the disk before it returns. */
  add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#file ??= openSync(this.path, "w");
    if (this.#bytes === 0) this.#write(`${BYTE_ORDER_MARK}${this.#header}\r\n`);
    this.#write(lines.map((line) => `${line}\r\n`).join(""));
    fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #write(text: string): void {
    const bytes = Buffer.from(text);
    for (let sent = 0; sent < bytes.byteLength; )
      sent += writeSync(this.#file as number, bytes, sent, bytes.byteLength - sent, this.#bytes + sent);
    this.#bytes += bytes.byteLength;
  }
}
