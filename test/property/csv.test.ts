import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defused, restored } from "../../core/csv/formula.ts";
import { readCsv } from "../../core/csv/read.ts";
import { cellOfTexts, textsOfCell } from "../../core/csv/tags.ts";
import { BYTE_ORDER_MARK, csvLines } from "../../core/csv/write.ts";

/** Texts that are hard on CSV and on spreadsheets, and any other. */
const hard = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          "'",
          "''",
          "=",
          "+",
          "-",
          "@",
          "\t",
          "\r",
          "\n",
          "\r\n",
          '"',
          ",",
          ";",
          "＝",
          "＠",
          "[",
          "\ufeff",
        ],
      ),
      fc.constantFrom("ä", "🎈", "cmd|' /C calc'!A0", "1", " ", "]", '[""]'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));
const text = fc
  .oneof(hard, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }))
  .filter((each) => each.isWellFormed());

/** What OWASP names, and the full-width forms. */
const RUNS = /^[=+\-@\t\r\n＝＋－＠]/;

describe("a cell", () => {
  it("is never a formula, and comes back unchanged, also if it looked defused before", () => {
    fc.assert(
      fc.property(text, (given) => {
        const cell = defused(given);
        expect(cell).not.toMatch(RUNS);
        expect(restored(cell)).toBe(given);
        expect(restored(defused(cell))).toBe(cell);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["'=1+1", "''=1+1"],
    ["-abc", "'-abc"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["'n' roll", "'n' roll"],
    ["a=b", "a=b"],
    ["", ""],
  ])("%j is written as %j", (given, cell) => {
    expect([defused(given), restored(cell)]).toEqual([cell, given]);
  });

  it("of texts comes back unchanged, as a person would write it where that is possible", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        expect(textsOfCell(cellOfTexts(texts))).toEqual(texts);
      }),
      { numRuns: 2_000 },
    );
    expect([cellOfTexts([]), cellOfTexts(["red", "dark blue"])]).toEqual(["", "red,dark blue"]);
    expect(cellOfTexts(["a,b", "c"])).toBe('["a,b","c"]');
    expect(textsOfCell(" red ,  blue ")).toEqual(["red", "blue"]);
    expect([textsOfCell("[1]"), textsOfCell("[red"), textsOfCell('{"a":1}')]).toEqual([
      undefined,
      undefined,
      ['{"a":1}'],
    ]);
  });
});

describe("a file", () => {
  /** A line of no text at all is none. */
  const cells = fc
    .array(text, { minLength: 2, maxLength: 5 })
    .filter((row) => row.some((cell) => defused(cell).trim() !== ""));
  const table = fc.array(cells, { minLength: 1, maxLength: 8 });

  it("comes back as it was written, from this reader and from a strict one", () => {
    fc.assert(
      fc.property(table, fc.boolean(), (rows, marked) => {
        const header = ["first", "second"];
        const written = (marked ? BYTE_ORDER_MARK : "") + csvLines([header, ...rows]);
        const { records, fault, delimiter } = readCsv(written);
        expect([fault, delimiter]).toEqual([undefined, ","]);
        expect(records.map(({ cells }) => cells)).toEqual([header, ...rows]);
        const strict = parse(written, {
          bom: true,
          record_delimiter: "\r\n",
          relax_column_count: true,
        }) as string[][];
        expect(strict.map((cells) => cells.map(restored))).toEqual([header, ...rows]);
        for (const cells of strict) for (const cell of cells) expect(cell).not.toMatch(RUNS);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(["\n", "\r\n", "\r"])("with lines ended by %j tells the line of each record", (end) => {
    const lines = ["a;b", '1;"x', '""y"', "", "3;4", '5;"', "", '"', "", "", "7;8"];
    const { records, delimiter, fault } = readCsv(lines.join(end));
    expect([delimiter, fault]).toEqual([";", undefined]);
    expect(records.map(({ line }) => line)).toEqual([1, 2, 5, 6, 11]);
    expect(records[1]?.cells).toEqual(["1", `x${end}"y`]);
  });

  it.each(["\n", "\r\n", "\r"])("with lines of separators alone, ended by %j, is without them", (end) => {
    const lines = [";", "a;b", ";", "1;2", ";;;", '"";" "', "", ";;", "3;", ";", ";"];
    const { records, delimiter } = readCsv(lines.join(end));
    expect(delimiter).toBe(";");
    expect(records).toEqual([
      { line: 2, cells: ["a", "b"] },
      { line: 4, cells: ["1", "2"] },
      { line: 9, cells: ["3", ""] },
    ]);
  });

  it.each([
    ["a,b", ","],
    ["a;b;c,d", ";"],
    ["a\tb", "\t"],
    ['"a;b;c",d', ","],
    ["a", ","],
    ["\ufeffa;b", ";"],
  ])("with the header %j has its cells separated by %j", (header, delimiter) => {
    expect(readCsv(`${header}\n`).delimiter).toBe(delimiter);
  });

  it("that ends within quotes is read up to there", () => {
    expect(readCsv('a,b\n\n1,2\n3,"4\n5,6\n')).toMatchObject({
      records: [{ line: 1 }, { line: 3 }],
      fault: { line: 4, reason: "CSV_QUOTE_NOT_CLOSED" },
    });
  });

  it("may have quotes within a cell that has none around it", () => {
    expect(readCsv('a,b\n7°58\'1",x"y\n')).toMatchObject({ records: [{}, { cells: ["7°58'1\"", 'x"y'] }] });
  });

  it("of more records than are asked for is read as far as that", () => {
    expect(readCsv("a\n1\n2\n3\n", 2).records.map(({ cells }) => cells)).toEqual([["a"], ["1"]]);
    expect(readCsv("")).toEqual({ records: [], delimiter: "," });
  });
});
