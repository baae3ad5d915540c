import type { FieldError } from "../errors.ts";
import { SIZE } from "./options.ts";
import { INKS, SPOT_NAME } from "./print/ink.ts";
import { parseLength, type Unit } from "./print/length.ts";

/** What a picture is drawn as. */
export const DRAWN_FORMATS = ["svg", "png", "pdf", "eps"] as const;

export type DrawnFormat = (typeof DRAWN_FORMATS)[number];

/** A file, or what there is to say of it. */
export type PictureFormat = DrawnFormat | "info";

/** How large a picture is, and what it is printed with. What is absent gets its default where it is drawn. */
export interface Measures {
  /** Its width. */
  readonly px?: number;
  readonly widthMm?: number;
  /** Side of a module. Not beside a width. */
  readonly moduleMm?: number;
  /** Of a PNG that has a physical size; at least that many dots an inch. */
  readonly dpi?: number;
  readonly ink?: (typeof INKS)[number];
  /** Name of a spot colour. */
  readonly spot?: string;
  /** From which it is to be scanned. */
  readonly distanceMm?: number;
}

/** In mm. The largest is a page of PDF: 14,400 points. */
export const WIDTH = { min: 2, max: 5_000, default: 30 };
export const MODULE = { min: 0.05, max: 200 };
export const DISTANCE = { min: 10, max: 100_000, default: 300 };

/** In dots an inch. */
export const DPI = { min: 72, max: 2_400, default: 300 };

/** What a query may say of the measures of each format. */
export const MEASURES_OF = {
  svg: ["size", "width", "module"],
  png: ["size", "width", "module", "dpi"],
  pdf: ["width", "module", "ink", "spot"],
  eps: ["width", "module", "ink", "spot"],
  info: ["width", "module", "distance"],
} as const satisfies Record<PictureFormat, readonly string[]>;

type Query = Readonly<Record<string, string | undefined>>;

/** @param problems takes what is wrong */
export function measuresIn(query: Query, problems: FieldError[]): Measures {
  const read = new Reader(query, problems);
  const measures = {
    px: read.whole("size", SIZE),
    widthMm: read.length("width", WIDTH, ["mm", "in"]),
    moduleMm: read.length("module", MODULE, ["mm", "in"]),
    dpi: read.whole("dpi", DPI),
    distanceMm: read.length("distance", DISTANCE, ["mm", "cm", "m", "in"]),
    ink: INKS.find((ink) => ink === query.ink),
    spot: query.spot,
  };
  if (query.ink !== undefined && !measures.ink) read.fail("ink", `must be one of ${INKS.join(", ")}`);
  if (query.spot !== undefined && !SPOT_NAME.test(query.spot))
    read.fail("spot", "must be 1 to 64 letters, digits, blanks, dots, dashes or underscores");
  read.notBoth("module", "width");
  read.notBoth("spot", "ink");
  read.notBoth("size", "module");
  read.notBoth("dpi", "size");
  if (query.dpi !== undefined && query.width === undefined && query.module === undefined)
    read.fail("dpi", "needs a width or a module");
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => value !== undefined));
}

/** The physical width, if there is one. @param scene its width in modules */
export function widthMmOf(
  { width }: { readonly width: number },
  { widthMm, moduleMm }: Measures,
): number | undefined {
  return widthMm ?? (moduleMm === undefined ? undefined : moduleMm * width);
}

class Reader {
  readonly #query: Query;
  readonly #problems: FieldError[];

  constructor(query: Query, problems: FieldError[]) {
    this.#query = query;
    this.#problems = problems;
  }

  fail(path: string, message: string): undefined {
    this.#problems.push({ path, message });
  }

  whole(path: string, { min, max }: { min: number; max: number }): number | undefined {
    const value = this.#query[path];
    if (value === undefined) return undefined;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    return this.fail(path, `must be a whole number from ${min} to ${max}`);
  }

  length(
    path: string,
    { min, max }: { min: number; max: number },
    units: readonly Unit[],
  ): number | undefined {
    const value = this.#query[path];
    if (value === undefined) return undefined;
    const length = parseLength(value, units);
    if (length !== undefined && length >= min && length <= max) return length;
    return this.fail(
      path,
      `must be a length from ${min} to ${max} mm with a unit of ${units.join(", ")}, such as 30mm`,
    );
  }

  notBoth(path: string, other: string): void {
    if (this.#query[path] !== undefined && this.#query[other] !== undefined)
      this.fail(path, `must not be given beside ${other}`);
  }
}
