import type { Rgb } from "./color.ts";
import type { Box } from "./damage.ts";
import type { LogoImage } from "./logo-image.ts";
import type { Matrix } from "./matrix.ts";
import { outlines } from "./outline.ts";
import { circle, type Path, type Point, roundCorners, roundedRectangle } from "./path.ts";
import type { FinderShape, Ground, ModuleShape, Style } from "./style.ts";
import { isInAlignment, symbolOf } from "./symbol.ts";

/** A picture that any format can be written from; measures are modules. */
export interface Scene {
  /** With the quiet zone, and a frame and a caption if there are any. */
  readonly width: number;
  readonly height: number;
  readonly ground: Ground;
  readonly fills: readonly Fill[];
  readonly image?: Placed | undefined;
  /** Whether all outlines are upright and level, so that they need no smoothing. */
  readonly isSquare: boolean;
}

/** A logo at its place, from the picture's corner. */
export interface Placed {
  readonly box: Box;
  readonly logo: LogoImage;
}

export interface Fill {
  readonly color: Rgb;
  readonly path: Path;
}

/** Diameter 0.9: neighbours stay apart by what a printer lets ink spread, and three fifths of a module are dark. */
export const DOT_RADIUS = 0.45;

/** In modules: half a module makes a lone one a circle, and no outer corner lacks the room. */
const CORNER_RADIUS = 0.5;

/**
 * In modules. Rounder ones are not for print: turned and blurred, zbar reads 2 of 30 pictures with circles for finders,
 * ZXing-C++ 21; with these radii all read what they read of square ones.
 */
const RING_RADIUS = 1.5;
const EYE_RADIUS = 0.5;

const FINDER = 7;

type IsDrawn = (x: number, y: number) => boolean;

/**
 * Lays a code out.
 *
 * @param margin what lies around it on each side: the quiet zone, and a frame
 * @param cleared what a logo covers, from the symbol's corner: no module is drawn that it touches
 */
export function sceneOf(matrix: Matrix, margin: number, style: Style, cleared?: Box): Scene {
  const symbol = matrix.length;
  const isDrawn = (x: number, y: number) =>
    (matrix[y]?.[x] ?? false) && !isFinder(x, y, symbol) && !(cleared && touches(cleared, x, y));
  const at = ([x, y]: Point): Point => [x + margin, y + margin];
  const corners: Point[] = [
    [0, 0],
    [symbol - FINDER, 0],
    [0, symbol - FINDER],
  ];
  const fills: Fill[] = [
    { color: style.color, path: modulesPath(isDrawn, symbol, margin, style.modules) },
    { color: style.ring, path: corners.flatMap((corner) => ring(at(corner), style.finders)) },
    { color: style.eye, path: corners.flatMap((corner) => eye(at(corner), style.finders)) },
  ];
  const isSquare = style.modules === "square" && style.finders === "square";
  const side = symbol + 2 * margin;
  return { width: side, height: side, ground: style.ground, fills: merged(fills), isSquare };
}

/**
 * Alignment patterns keep their squares in every shape. jsQR judges them by the widths of their rings: made of dots it reads no
 * sharp picture, and of rounded ones it takes the middle aside by a third of a module at some sizes, and does not read those.
 */
function modulesPath(isDrawn: IsDrawn, symbol: number, margin: number, shape: ModuleShape): Path {
  if (shape === "square") return regions(isDrawn, symbol, margin, 0);
  const isAlignment = isInAlignment(symbolOf(symbol, "L"));
  if (shape === "rounded") return regions(isDrawn, symbol, margin, CORNER_RADIUS, isAlignment);
  const dots = Array.from(
    { length: symbol * symbol },
    (_, n) => [n % symbol, Math.floor(n / symbol)] as const,
  )
    .filter(([x, y]) => isDrawn(x, y) && !isAlignment(x, y))
    .flatMap(([x, y]) => circle([margin + x + 0.5, margin + y + 0.5], DOT_RADIUS));
  return [...dots, ...regions((x, y) => isDrawn(x, y) && isAlignment(x, y), symbol, margin, 0)];
}

/** @param isSharp whether a module's corners are not rounded */
function regions(isDrawn: IsDrawn, symbol: number, margin: number, radius: number, isSharp?: IsDrawn): Path {
  const isSharpAt = isSharp && (([x, y]: Point) => isSharp(Math.floor(x - margin), Math.floor(y - margin)));
  return outlines(isDrawn, symbol).flatMap((corners) =>
    roundCorners(
      corners.map(([x, y]): Point => [x + margin, y + margin]),
      radius,
      isSharpAt,
    ),
  );
}

/** A square of 7 modules with a hole of 5. */
function ring([x, y]: Point, shape: FinderShape): Path {
  const [outer, inner] = shape === "rounded" ? [RING_RADIUS, RING_RADIUS - 0.5] : [0, 0];
  return [...roundedRectangle([x, y], FINDER, outer), ...roundedRectangle([x + 1, y + 1], FINDER - 2, inner)];
}

function eye([x, y]: Point, shape: FinderShape): Path {
  return roundedRectangle([x + 2, y + 2], FINDER - 4, shape === "rounded" ? EYE_RADIUS : 0);
}

/** Neighbouring fills of one colour as one. */
function merged(fills: readonly Fill[]): Fill[] {
  const result: Fill[] = [];
  for (const fill of fills) {
    const last = result.at(-1);
    if (last && last.color.join() === fill.color.join())
      result[result.length - 1] = { color: last.color, path: [...last.path, ...fill.path] };
    else result.push(fill);
  }
  return result;
}

function isFinder(x: number, y: number, symbol: number): boolean {
  const nearLeft = x < FINDER;
  const nearTop = y < FINDER;
  return (nearTop && (nearLeft || x >= symbol - FINDER)) || (nearLeft && (nearTop || y >= symbol - FINDER));
}

export function touches(box: Box, x: number, y: number): boolean {
  return x + 1 > box.x && x < box.x + box.width && y + 1 > box.y && y < box.y + box.height;
}
