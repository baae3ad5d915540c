/** What stands between quotation marks in a line: separators, quotes, line breaks and spaces at an end. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Cells that were read as they stand, as a line again, separated by commas, without a line break. */
export function lineOfCells(cells: readonly string[]): string {
  // A line of nothing would be an empty one, which is no record.
  if (cells.length === 1 && cells[0] === "") return '""';
  return cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",");
}
