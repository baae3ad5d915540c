import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bodyOf, type Chunk, chunksOf } from "../../bin/qr/import/chunks.ts";
import { type Identity, Journal } from "../../bin/qr/import/journal.ts";
import { SeenIds } from "../../bin/qr/import/seen-ids.ts";
import { readCsv } from "../../core/csv/read.ts";

const folder = mkdtempSync(join(tmpdir(), "import-chunks-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileOf(text: string): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, text);
  return path;
}

async function chunks(text: string, maxRows = 10_000): Promise<Chunk[]> {
  const found: Chunk[] = [];
  for await (const chunk of chunksOf(fileOf(text), maxRows)) found.push(chunk);
  return found;
}

describe("a file that is cut into chunks", () => {
  it("has each row once, with its line of the whole file, and never more than a call takes", async () => {
    const rows = Array.from({ length: 25 }, (_, index) => `"row\n${index}";https://example.com/${index}`);
    const text = `\ufeffname;targetUrl\r\n\r\n${rows.join("\r\n")}`;
    const found = await chunks(text, 10);
    expect(found.map(({ rows: some, rowsSoFar }) => [some.length, rowsSoFar])).toEqual([
      [10, 10],
      [10, 20],
      [5, 25],
    ]);
    const lines = found.flatMap((chunk) => chunk.rows.map(({ line }) => line));
    expect(lines).toEqual(rows.map((_, index) => 3 + 2 * index));
    for (const chunk of found) {
      const { body, rowAt } = bodyOf(chunk);
      const [header, ...records] = readCsv(body).records;
      expect(header?.cells).toEqual(["name", "targetUrl"]);
      // The line that the service would name is that of the row.
      expect(records.map(({ line }) => rowAt.get(line))).toEqual(chunk.rows);
    }
  });

  it("is cut by bytes where its rows are long, as Lambda's event holds them", async () => {
    // Every quotation mark is two bytes there, and two already in the file.
    const row = `"${'""'.repeat(100_000)}"`;
    const found = await chunks(`name,targetUrl\n${`${row},https://example.com\n`.repeat(30)}`);
    expect(found.length).toBeGreaterThan(2);
    for (const chunk of found)
      expect(Buffer.byteLength(JSON.stringify(bodyOf(chunk).body))).toBeLessThanOrEqual(4 * 1024 * 1024 + 2);
    expect(found.at(-1)?.rowsSoFar).toBe(30);
  });

  it("reports IDs that stand in it twice, also where the two are in different chunks", async () => {
    const found = await chunks("qrid,targetUrl\na-1,x\na-2,x\n,x\n,x\na-1,x\n a-2 ,x\n", 2);
    expect(found.flatMap(({ repeated }) => repeated.map(({ line, firstLine }) => [line, firstLine]))).toEqual(
      [
        [6, 2],
        [7, 3],
      ],
    );
    expect(found.at(-1)?.rowsSoFar).toBe(6);
  });

  it("is without the columns that a file of failed rows has", async () => {
    const [chunk] = await chunks('import line,import problem,name\n7,"name: x, y",=1+1\n8,,a,b\n');
    expect([chunk?.header, ...(chunk?.rows ?? []).map(({ text }) => text)]).toEqual(["name", "=1+1", "a,b"]);
  });

  it("tells a million IDs apart", () => {
    const seen = new SeenIds();
    for (let index = 1; index <= 1_000_000; index += 1) {
      if (seen.lineBefore(`code-${index}`, index) !== undefined)
        throw new Error(`code-${index} is taken for another`);
    }
    expect([seen.lineBefore("code-1", 5), seen.lineBefore("code-999999", 5)]).toEqual([1, 999_999]);
  });
});

describe("the journal of an import", () => {
  const identity: Identity = {
    file: "hash",
    service: "http://localhost:3002",
    tenant: "tenant_a",
    onConflict: "fail",
    mode: "partial",
    chunkRows: 10,
  };
  const counts = { created: 10, updated: 0, unchanged: 0, skipped: 0, failed: 0 };
  const position = { chunks: 1, rows: 10, counts, failedBytes: 0, resultBytes: 0 };
  const path = () => join(folder, `${files++}.jsonl`);

  it("says how far an import has come, also with half a line at its end", () => {
    const at = path();
    const first = Journal.open(at, identity, false);
    first.sending(0);
    first.done(position);
    first.sending(1);
    writeFileSync(at, '{"done":"20', { flag: "a" });
    const second = Journal.open(at, identity, false);
    expect([second.position, second.finished, second.isUntouched]).toEqual([position, undefined, false]);
    second.sending(1);
    second.done({ ...position, chunks: 2, rows: 20 });
    second.finish();
    expect(Journal.open(at, identity, false)).toMatchObject({
      position: { rows: 20 },
      finished: expect.any(String),
    });
  });

  it("gives a chunk the same key in each run, and another one to another chunk, file or run", () => {
    const key = (of: Identity, index: number, anew = false) =>
      Journal.open(path(), of, anew).keyOf(of, index, "rows");
    expect(key(identity, 0)).toMatch(/^[\x21-\x7e]{1,255}$/);
    expect(key(identity, 0)).toBe(key(identity, 0));
    const others = [key(identity, 1), key({ ...identity, file: "other" }, 0), key(identity, 0, true)];
    expect(new Set([key(identity, 0), ...others]).size).toBe(4);
  });

  it("refuses to go on with another file, other options or another tenant", () => {
    const at = path();
    const journal = Journal.open(at, identity, false);
    journal.sending(0);
    journal.done(position);
    for (const other of [{ file: "other" }, { onConflict: "update" }, { tenant: "tenant_b" }])
      expect(() => Journal.open(at, { ...identity, ...other }, false)).toThrow(
        /stopped after 10 rows.*--anew/,
      );
    expect(Journal.open(at, { ...identity, tenant: undefined }, false).position.rows).toBe(10);
    expect(Journal.open(at, { ...identity, file: "other" }, true).isUntouched).toBe(true);
  });

  it("refuses to send again what may be in, once its key no longer holds", () => {
    const at = path();
    Journal.open(at, identity, false).sending(0);
    const soon = Date.now() + 22 * 3_600_000;
    Journal.open(at, identity, false).sending(0, soon);
    // The first attempt counts.
    expect(() => Journal.open(at, identity, false).sending(0, soon + 2 * 3_600_000)).toThrow(/doubling/);
  });
});
