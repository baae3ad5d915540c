import { outlinesOf } from "../picture/caption/caption.ts";
import { CAP_HEIGHT, type Glyph, glyphs } from "../picture/caption/glyphs.ts";
import type { Point } from "../picture/path.ts";
import { decimal } from "../picture/print/number.ts";
import { pathOperators } from "../picture/print/path-operators.ts";
import { deflated, type PdfFile, stream } from "../picture/print/pdf-file.ts";

const OPERATORS = { M: "m", L: "l", C: "c", Z: "h" };

/** Codes of a font. Glyphs are numbered through: the 300th is code 44 of the second font. */
const CODES = 256;

let numbers: ReadonlyMap<string, number> | undefined;

function numberOf(character: string): number | undefined {
  numbers ??= new Map([...glyphs().keys()].map((key, number) => [key, number]));
  return numbers.get(character);
}

/** Sets a line of text. @param at where it begins, on its baseline, in the units of `capHeight` with y downwards */
export function textOperators(text: string, capHeight: number, [x, y]: Point): string {
  const size = decimal((1_000 * capHeight) / CAP_HEIGHT);
  const parts: string[] = [];
  let font: number | undefined;
  let codes = "";
  const flush = () => {
    if (codes !== "") parts.push(`<${codes}> Tj`);
    codes = "";
  };
  for (const character of text) {
    const number = numberOf(character);
    if (number === undefined) continue;
    if (Math.floor(number / CODES) !== font) {
      flush();
      font = Math.floor(number / CODES);
      parts.push(`/F${font} 1 Tf`);
    }
    codes += hex(number % CODES, 2);
  }
  flush();
  const matrix = `${size} 0 0 -${size} ${decimal(x)} ${decimal(y)} Tm`;
  return `BT ${matrix} ${parts.join(" ")} ET`;
}

/**
 * Adds the fonts of captions, of the characters that are used: outlines as a Type 3 font (ISO 32000-1, 9.6.5), which says
 * which characters they are, so that text can be found and copied. Returns a dictionary of them.
 */
export function addFonts(file: PdfFile, characters: ReadonlySet<string>): string {
  const used = [...characters]
    .flatMap((character) => {
      const [number, glyph] = [numberOf(character), glyphs().get(character)];
      return number === undefined || !glyph ? [] : [{ character, number, glyph }];
    })
    .sort((one, other) => one.number - other.number);
  const fonts = Map.groupBy(used, ({ number }) => Math.floor(number / CODES));
  return `<< ${[...fonts].map(([font, members]) => `/F${font} ${addFont(file, members)} 0 R`).join(" ")} >>`;
}

interface Used {
  character: string;
  number: number;
  glyph: Glyph;
}

function addFont(file: PdfFile, used: readonly Used[]): number {
  const codes = used.map(({ number }) => number % CODES);
  const [first = 0, last = 0] = [codes[0], codes.at(-1)];
  const widths = Array.from({ length: last - first + 1 }, (_, n) => {
    const member = used.find(({ number }) => number % CODES === first + n);
    return member?.glyph.advance ?? 0;
  });
  const procedures = used.map(
    ({ character, glyph }) =>
      `/${nameOf(character)} ${file.add(stream("/Filter /FlateDecode", deflated(procedure(glyph))))} 0 R`,
  );
  const differences = used.map(({ character, number }) => `${number % CODES} /${nameOf(character)}`);
  const toUnicode = file.add(stream("/Filter /FlateDecode", deflated(unicodes(used))));
  return file.add(
    [
      "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [0.001 0 0 0.001 0 0] /Resources << >>",
      `/CharProcs << ${procedures.join(" ")} >>`,
      `/Encoding << /Type /Encoding /Differences [${differences.join(" ")}] >>`,
      `/FirstChar ${first} /LastChar ${last} /Widths [${widths.join(" ")}] /ToUnicode ${toUnicode} 0 R >>`,
    ].join("\n"),
  );
}

/** A glyph is drawn in the colour of the text: `d1` with its advance and its box. */
function procedure({ advance, steps }: Glyph): string {
  const path = outlinesOf(steps, (point) => point);
  const points = path.flatMap((segment) => segment.slice(1) as unknown as Point[]);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const box =
    points.length === 0 ? [0, 0, 0, 0] : [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const drawn = path.length === 0 ? "" : `${pathOperators(path, OPERATORS)}f*`;
  return `${advance} 0 ${box.map(decimal).join(" ")} d1\n${drawn}`;
}

/** Entries of one block of a map of characters (Adobe's Technical Note 5014). */
const BLOCK = 100;

function unicodes(used: readonly Used[]): string {
  const blocks = Array.from({ length: Math.ceil(used.length / BLOCK) }, (_, n) => {
    const lines = used
      .slice(n * BLOCK, (n + 1) * BLOCK)
      .map(({ character, number }) => `<${hex(number % CODES, 2)}> <${hex(character.charCodeAt(0), 4)}>`);
    return `${lines.length} beginbfchar\n${lines.join("\n")}\nendbfchar`;
  });
  return [
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CMapName /Captions def",
    "/CMapType 2 def",
    "1 begincodespacerange <00> <FF> endcodespacerange",
    ...blocks,
    "endcmap CMapName currentdict /CMap defineresource pop end end",
  ].join("\n");
}

const nameOf = (character: string) => `uni${hex(character.charCodeAt(0), 4)}`;

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
