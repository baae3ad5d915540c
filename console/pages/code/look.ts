import type { PictureQuery, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";

/** What a person changes of how a code is drawn; `size` is that of the PNG and is not kept with the code. */
export type Look = Pick<PictureQuery, "size" | "ecc" | "modules" | "color" | "background" | "ring" | "eye">;

/** What the service draws without being told. Colours are six hexadecimal digits. */
const PLAIN = { size: 512, ecc: "M", modules: "square", color: "000000", background: "ffffff" } as const;

const COLORS = ["color", "ring", "eye", "background"] as const;

/**
 * How a code is drawn now: what was just chosen goes over its own style, which goes over the tenant's. The four colours
 * are taken from one of them together, because they were checked with each other.
 */
export function shownLook(
  chosen: Look,
  code: StoredPictureStyle | null,
  tenant: StoredPictureStyle | undefined,
) {
  const styles = [chosen, code ?? {}, tenant ?? {}, PLAIN];
  const colored = styles.find((style) => COLORS.some((name) => name in style)) ?? PLAIN;
  const colors = Object.fromEntries(COLORS.flatMap((name) => colorOf(colored, name)));
  const others = Object.assign({}, ...styles.toReversed()) as Look;
  return { ...PLAIN, ...without(others, COLORS), ...colors } as Look & {
    [N in keyof typeof PLAIN]: NonNullable<Look[N]>;
  };
}

/** The change of a colour, with those that belong to it. */
export function withColors(shown: Look, changed: Look): Look {
  const kept = COLORS.filter((name) => shown[name] !== undefined).map((name) => [name, shown[name]]);
  return { ...Object.fromEntries(kept), ...changed };
}

/** What a code keeps of it. */
export function styleOf(chosen: Look, code: StoredPictureStyle | null): StoredPictureStyle {
  const { size: _size, ...style } = chosen;
  const before = COLORS.some((name) => name in chosen) ? without(code ?? {}, COLORS) : (code ?? {});
  return { ...before, ...style };
}

function colorOf(style: Look, name: (typeof COLORS)[number]): [string, string][] {
  const value = style[name];
  // Three digits stand for six.
  const digits = value?.replace(/^#/, "").replace(/^(.)(.)(.)$/, "$1$1$2$2$3$3");
  return digits === undefined ? [] : [[name, digits]];
}

function without<T extends object>(values: T, names: readonly string[]): T {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name))) as T;
}
