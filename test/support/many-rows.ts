/** Whole names of shops, as people type them. */
const NAMES = [
  "Bäckerei Müller & Söhne",
  "Café „Zur Linde“ ☕️",
  'Pizzeria "Da Luigi"',
  "Straße 5; Hinterhof",
  "寿司 さくら 🍣",
  "=SUM(A1:A9)",
  "Zeile eins\u00a0– Zeile zwei",
  "ООО «Ромашка»",
  // What Alt+Enter at the end of a cell leaves is no part of a name.
  "Imbiß\r\n",
];

/** Every so many rows one that fails. */
const BAD = { url: 100, double: 250, lineBreak: 333 };

const cell = (text: string) => (/[";,\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A CSV file as a spreadsheet in Germany writes it, and what is wrong with it by line. */
export interface ManyRows {
  csv: string;
  /** The same with what was wrong mended. */
  mended: string;
  /** Lines at which rows begin that fail. */
  badLines: number[];
}

/**
 * Rows that look real: umlauts, emoji, quotes, semicolons and line breaks within cells. Some have a bad URL, some the ID of
 * the row before, and some a line break in the middle of the name, which no name may have.
 *
 * @param prefix of each ID
 */
export function manyRows(count: number, prefix: string): ManyRows {
  const [lines, mended, badLines]: [string[], string[], number[]] = [[], [], []];
  let line = 2;
  const idOf = (index: number) => `${prefix}-${String(index).padStart(5, "0")}`;
  const rowOf = (index: number, { qrId = idOf(index), target = "", name = nameOf(index) } = {}) =>
    [
      qrId,
      target || `https://example.com/Filiale%20${index}`,
      cell(name),
      cell("Straße;Stadt,Nord"),
      "2030-01-31T12:00:00+01:00",
    ].join(";");
  for (let index = 0; index < count; index++) {
    const bad = badPart(index, idOf);
    const row = rowOf(index, bad);
    lines.push(row);
    mended.push(rowOf(index));
    if (bad) badLines.push(line);
    line += row.split(/\r\n|\n/).length;
  }
  const fileOf = (rows: string[]) => `\ufeffqrId;targetUrl;name;tags;expiresAt\r\n${rows.join("\r\n")}\r\n`;
  return { csv: fileOf(lines), mended: fileOf(mended), badLines };
}

const nameOf = (index: number) => NAMES[index % NAMES.length] ?? "";

/** What is wrong with a row, if anything is. */
function badPart(index: number, idOf: (index: number) => string) {
  if (index % BAD.url === 99) return { target: "exämple.com/ohne Schema" };
  if (index % BAD.double === 125) return { qrId: idOf(index - 1) };
  if (index % BAD.lineBreak === 200) return { name: 'Bar "Zum\nAnker"' };
  return undefined;
}
