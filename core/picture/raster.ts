import { decode } from "fast-png";
import type { Rgb } from "./color.ts";
import type { Box } from "./damage.ts";
import type { Path, Point, Segment } from "./path.ts";
import type { Pixels } from "./pixels.ts";
import type { Placed, Scene } from "./scene.ts";

/** Lines on which an outline is looked at in each row of pixels; along them what it covers is exact. */
const LINES = 4;

/** Straight pieces of a curve: at 100 px a module, off by a sixth of a pixel at most. */
const PIECES = 8;

/** @param width in px; the height follows from the scene */
export function rasterOf(scene: Scene, width: number): Pixels {
  const scale = width / scene.width;
  const height = Math.round(scene.height * scale);
  const pixels = { width, height, data: new Uint8Array(4 * width * height) };
  if (scene.ground !== "transparent") fillAll(pixels, scene.ground);
  for (const { color, path } of scene.fills) fillPath(pixels, path, scale, color);
  if (scene.image) drawImage(pixels, scene.image, scale);
  return pixels;
}

function fillAll({ data }: Pixels, [red, green, blue]: Rgb): void {
  for (let at = 0; at < data.length; at += 4) {
    data[at] = red;
    data[at + 1] = green;
    data[at + 2] = blue;
    data[at + 3] = 255;
  }
}

/** By the even-odd rule. */
function fillPath(pixels: Pixels, path: Path, scale: number, color: Rgb): void {
  const { width, height } = pixels;
  const crossings = crossingsOf(path, scale, height * LINES);
  const coverage = new Float32Array(width + 1);
  for (let row = 0; row < height; row++) {
    let isEmpty = true;
    for (let line = row * LINES; line < (row + 1) * LINES; line++) {
      const at = crossings[line]?.sort((a, b) => a - b);
      if (!at) continue;
      isEmpty = false;
      for (let n = 0; n + 1 < at.length; n += 2) cover(coverage, at[n] ?? 0, at[n + 1] ?? 0, width);
    }
    if (isEmpty) continue;
    for (let x = 0; x < width; x++) {
      const alpha = (coverage[x] ?? 0) / LINES;
      if (alpha > 0.002) blend(pixels.data, 4 * (row * width + x), color, Math.min(1, alpha));
    }
    coverage.fill(0);
  }
}

/** Where outlines cross each line, in px; `undefined` where none does. */
function crossingsOf(path: Path, scale: number, count: number): (number[] | undefined)[] {
  const lines: (number[] | undefined)[] = Array(count);
  const edge = ([x1, y1]: Point, [x2, y2]: Point) => {
    if (y1 === y2) return;
    const [top, bottom] = y1 < y2 ? [y1, y2] : [y2, y1];
    const toLine = scale * LINES;
    const first = Math.max(0, Math.ceil(top * toLine - 0.5));
    const last = Math.min(count - 1, Math.ceil(bottom * toLine - 0.5) - 1);
    for (let line = first; line <= last; line++) {
      const y = (line + 0.5) / toLine;
      const x = (x1 + ((x2 - x1) * (y - y1)) / (y2 - y1)) * scale;
      const at = lines[line];
      if (at) at.push(x);
      else lines[line] = [x];
    }
  };
  let start: Point = [0, 0];
  let from: Point = start;
  for (const segment of path) {
    if (segment[0] === "M") start = segment[1];
    else if (segment[0] === "Z") edge(from, start);
    else if (segment[0] === "C") flatten(from, segment, edge);
    else edge(from, segment[1]);
    from = segment[0] === "Z" ? start : (segment.at(-1) as Point);
  }
  return lines;
}

type Curve = Extract<Segment, readonly ["C", Point, Point, Point]>;

function flatten(from: Point, [, c1, c2, to]: Curve, edge: (a: Point, b: Point) => void): void {
  let last = from;
  for (let n = 1; n <= PIECES; n++) {
    const [t, u] = [n / PIECES, 1 - n / PIECES];
    const [a, b, c, d] = [u ** 3, 3 * u * u * t, 3 * u * t * t, t ** 3];
    const at = (axis: 0 | 1) => a * from[axis] + b * c1[axis] + c * c2[axis] + d * to[axis];
    const next: Point = n === PIECES ? to : [at(0), at(1)];
    edge(last, next);
    last = next;
  }
}

/** Adds how much of each pixel lies between two places of a line. */
function cover(coverage: Float32Array, from: number, to: number, width: number): void {
  const [left, right] = [Math.max(0, from), Math.min(width, to)];
  if (right <= left) return;
  const [first, last] = [Math.floor(left), Math.min(width - 1, Math.floor(right))];
  if (first === last) {
    coverage[first] = (coverage[first] ?? 0) + right - left;
    return;
  }
  coverage[first] = (coverage[first] ?? 0) + first + 1 - left;
  for (let x = first + 1; x < last; x++) coverage[x] = (coverage[x] ?? 0) + 1;
  coverage[last] = (coverage[last] ?? 0) + right - last;
}

/** A colour over what is there. */
function blend(data: Uint8Array, at: number, color: Rgb, alpha: number): void {
  const below = ((data[at + 3] ?? 0) / 255) * (1 - alpha);
  const sum = alpha + below;
  for (let channel = 0; channel < 3; channel++) {
    const mixed = ((color[channel] ?? 0) * alpha + (data[at + channel] ?? 0) * below) / sum;
    data[at + channel] = Math.round(mixed);
  }
  data[at + 3] = Math.round(255 * sum);
}

function drawImage(pixels: Pixels, { box, logo }: Placed, scale: number): void {
  const source = decodedLogo(logo.png);
  const [left, top] = [box.x * scale, box.y * scale];
  const [xs, ys] = [source.width / (box.width * scale), source.height / (box.height * scale)];
  for (let y = Math.floor(top); y < Math.ceil(top + box.height * scale); y++) {
    for (let x = Math.floor(left); x < Math.ceil(left + box.width * scale); x++) {
      if (x < 0 || y < 0 || x >= pixels.width || y >= pixels.height) continue;
      const area: Box = { x: (x - left) * xs, y: (y - top) * ys, width: xs, height: ys };
      const [red, green, blue, alpha] = meanOf(source, area);
      if (alpha > 0) blend(pixels.data, 4 * (y * pixels.width + x), [red, green, blue], alpha);
    }
  }
}

/** The same picture with its longest side of so many pixels, if it is longer. */
export function shrunk(source: Pixels, longestSide: number): Pixels {
  const factor = longestSide / Math.max(source.width, source.height);
  if (factor >= 1) return source;
  const width = Math.max(1, Math.round(source.width * factor));
  const height = Math.max(1, Math.round(source.height * factor));
  const data = new Uint8Array(4 * width * height);
  const [xs, ys] = [source.width / width, source.height / height];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue, alpha] = meanOf(source, { x: x * xs, y: y * ys, width: xs, height: ys });
      data.set([red, green, blue, 255 * alpha].map(Math.round), 4 * (y * width + x));
    }
  }
  return { width, height, data };
}

/** The mean of what lies in an area of an image, by how much of each pixel does; what lies outside is transparent. */
function meanOf({ width, height, data }: Pixels, area: Box): [number, number, number, number] {
  const sums = [0, 0, 0, 0] as [number, number, number, number];
  for (let y = Math.max(0, Math.floor(area.y)); y < Math.min(height, area.y + area.height); y++) {
    const down = Math.min(y + 1, area.y + area.height) - Math.max(y, area.y);
    for (let x = Math.max(0, Math.floor(area.x)); x < Math.min(width, area.x + area.width); x++) {
      const across = Math.min(x + 1, area.x + area.width) - Math.max(x, area.x);
      const at = 4 * (y * width + x);
      const weight = (down * across * (data[at + 3] ?? 0)) / 255;
      sums[0] += weight * (data[at] ?? 0);
      sums[1] += weight * (data[at + 1] ?? 0);
      sums[2] += weight * (data[at + 2] ?? 0);
      sums[3] += weight;
    }
  }
  const weight = sums[3];
  if (weight === 0) return sums;
  return [sums[0] / weight, sums[1] / weight, sums[2] / weight, weight / (area.width * area.height)];
}

const decodedLogos = new WeakMap<Uint8Array, Pixels>();

/** The pixels of a PNG of 8 bits a channel in RGB or RGBA: decoded once, for its layout and its drawing. */
export function decodedLogo(png: Uint8Array): Pixels {
  const pixels = decodedLogos.get(png) ?? decodePng(png);
  decodedLogos.set(png, pixels);
  return pixels;
}

function decodePng(png: Uint8Array): Pixels {
  const { width, height, data, channels } = decode(png);
  if (channels === 4) return { width, height, data: data as Uint8Array };
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++)
      rgba[4 * pixel + channel] = data[channels * pixel + (channels < 3 ? 0 : channel)] ?? 0;
  return { width, height, data: rgba };
}
