/** sRGB, 0 to 255 each. Being numbers, a colour can't carry markup into an SVG. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];

/** Reads `#rgb` or `#rrggbb`, `#` optional, in either case; `undefined` for anything else. */
export function parseHex(hex: string): Rgb | undefined {
  const digits = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex)?.[1];
  if (digits === undefined) return undefined;
  const long = digits.length === 6 ? digits : digits.replace(/./g, "$&$&");
  const value = Number.parseInt(long, 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

/** `#rrggbb`, in lower case. */
export function toHex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
