/*
 * The texts of one cell. A person writes `red, blue`; what would not come back from that, as a tag with a comma, is a
 * JSON array.
 */

/** The cell of some texts, empty for none. */
export function cellOfTexts(texts: readonly string[]): string {
  const plain = texts.join(",");
  const back = textsOfCell(plain);
  const isSame = back?.length === texts.length && texts.every((text, index) => text === back[index]);
  return isSame ? plain : JSON.stringify(texts);
}

/** The texts of a cell; `undefined` if it begins as a JSON array and is not one of texts. */
export function textsOfCell(cell: string): string[] | undefined {
  if (cell.trim() === "") return [];
  if (!cell.trimStart().startsWith("[")) return cell.split(",").map((text) => text.trim());
  try {
    const texts: unknown = JSON.parse(cell);
    return Array.isArray(texts) && texts.every((text) => typeof text === "string") ? texts : undefined;
  } catch {
    return undefined;
  }
}
