import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOfCells } from "../../core/csv/cells.ts";
import { restored } from "../../core/csv/formula.ts";
import { readCsv } from "../../core/csv/read.ts";
import { readCsvStream, UnreadableCsv } from "../../core/csv/read-stream.ts";

const MAX_BYTES = 4 * 1024 * 1024;

/** A text in pieces of so many bytes; the first is long enough for the header. */
async function* pieces(text: string | Uint8Array, bytes: number, first = bytes) {
  const all = Buffer.from(text);
  yield all.subarray(0, first);
  for (let start = first; start < all.length; start += bytes) yield all.subarray(start, start + bytes);
}

async function recordsOf(text: string | Uint8Array, bytes = 65_536, first = bytes, maxBytes = MAX_BYTES) {
  const found = [];
  for await (const records of readCsvStream(pieces(text, bytes, first), maxBytes)) found.push(...records);
  return found;
}

describe("a CSV file that is read piece by piece", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "",
      " ",
      "a",
      '"',
      '""',
      "a,b",
      "a;b",
      "\r\n",
      "\n",
      "\r",
      "x\r",
      "\nx",
      "é",
      "🦄",
      "=1+1",
      "'=1",
    ),
    fc
      .string({ unit: "binary", maxLength: 6 })
      .filter((text) => text.isWellFormed() && !text.includes("\ufeff")),
  );
  const line = fc.tuple(
    fc.array(cell, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("\n", "\r\n", "\r", "\n\n"),
  );

  it("has the records and lines that it has when read at once, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (lines, bytes) => {
          const header = "qrId,targetUrl\r\n";
          const text = header + lines.map(([cells, end]) => lineOfCells(cells) + end).join("");
          const streamed = await recordsOf(text, bytes, header.length);
          const whole = readCsv(text).records;
          expect(streamed.map((each) => ({ ...each, cells: each.cells.map(restored) }))).toEqual(whole);
        },
      ),
    );
  });

  it("comes back from its cells, whatever they hold", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 1, maxLength: 5 }), async (cells) => {
        const hasText = cells.some((each) => each.trim() !== "");
        expect((await recordsOf(`${lineOfCells(["a", "b"])}\n${lineOfCells(cells)}\n`))[1]?.cells).toEqual(
          hasText ? cells : undefined,
        );
      }),
    );
  });

  it("may begin with a byte order mark, and be separated by semicolons or tabs", async () => {
    expect((await recordsOf("\ufeffa;b\r\n1;2,5\r\n")).map(({ cells }) => cells)).toEqual([
      ["a", "b"],
      ["1", "2,5"],
    ]);
    expect((await recordsOf("a\tb\n1\t2\n")).at(1)?.cells).toEqual(["1", "2"]);
  });

  it("is without its lines of separators alone, which count as lines", async () => {
    expect(await recordsOf("a,b\n,\n1,2\n,,,\n\n \t,\n3,4\n,\n", 3, 4)).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 3, cells: ["1", "2"] },
      { line: 7, cells: ["3", "4"] },
    ]);
  });

  it("names the line of a quotation mark that is never closed, having read no more than a record may have", async () => {
    const text = `a,b\n1,2\n3,"4\n${"5,6\n".repeat(10_000)}`;
    const failure = recordsOf(text, 1_000, 1_000, 5_000);
    await expect(failure).rejects.toBeInstanceOf(UnreadableCsv);
    await expect(failure).rejects.toMatchObject({
      fault: { line: 3, reason: expect.stringContaining("not closed") },
    });
    await expect(recordsOf('a\n"1')).rejects.toMatchObject({ fault: { line: 2 } });
  });

  it("names the line where it is not UTF-8", async () => {
    const latin = Buffer.concat([Buffer.from("name\nok\n"), Buffer.from("Größe\n", "latin1")]);
    await expect(recordsOf(latin)).rejects.toThrow(/not in UTF-8/);
    const utf16 = Buffer.from("\ufeffname\nok\n", "utf16le");
    await expect(recordsOf(utf16)).rejects.toThrow(/not in UTF-8/);
  });
});
