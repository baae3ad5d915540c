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
];

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
 * Rows that look real: umlauts, emoji, quotes, semicolons and line breaks within cells. Every hundredth has a bad URL, every
 * 250th the ID of the one before.
 *
 * @param prefix of each ID
 */
export function manyRows(count: number, prefix: string): ManyRows {
  const [lines, mended, badLines]: [string[], string[], number[]] = [[], [], []];
  let line = 2;
  for (let index = 0; index < count; index++) {
    const isBad = index % 100 === 99;
    const isDouble = index % 250 === 125;
    const name = NAMES[index % NAMES.length] ?? "";
    const row = (qrId: string, target: string) => {
      const targets = `https://example.com/Filiale ${index}`.replace(" ", "%20");
      return [
        qrId,
        target || targets,
        cell(name),
        cell("Straße;Stadt,Nord"),
        "2030-01-31T12:00:00+01:00",
      ].join(";");
    };
    const own = `${prefix}-${String(index).padStart(5, "0")}`;
    const before = `${prefix}-${String(index - 1).padStart(5, "0")}`;
    lines.push(row(isDouble ? before : own, isBad ? "exämple.com/ohne Schema" : ""));
    mended.push(row(own, ""));
    if (isBad || isDouble) badLines.push(line);
    line += 1;
  }
  const fileOf = (rows: string[]) => `\ufeffqrId;targetUrl;name;tags;expiresAt\r\n${rows.join("\r\n")}\r\n`;
  return { csv: fileOf(lines), mended: fileOf(mended), badLines };
}
