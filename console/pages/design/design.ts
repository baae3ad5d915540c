import type { PictureQuery, StoredPictureStyle } from "../../../clients/typescript/src/schema.ts";

/** How a picture looks, with nothing left to a default but the size of its logo. */
export interface Design {
  modules: NonNullable<StoredPictureStyle["modules"]>;
  finders: NonNullable<StoredPictureStyle["finders"]>;
  /** Colours are `#rrggbb`; the background may be `transparent`. */
  color: string;
  ring: string;
  eye: string;
  background: string;
  /** In modules. */
  margin: number;
  ecc: NonNullable<StoredPictureStyle["ecc"]>;
  /** Empty for none. */
  logo: string;
  /** In % of the code's width; without one the service chooses. */
  logoSize?: number | undefined;
  frame: NonNullable<StoredPictureStyle["frame"]>;
  caption: string;
}

const COLORS = ["color", "ring", "eye", "background"] as const;

export const BLACK_ON_WHITE = {
  color: "#000000",
  ring: "#000000",
  eye: "#000000",
  background: "#ffffff",
} as const;

/** What the service draws without being told. */
export const PLAIN: Design = {
  modules: "square",
  finders: "square",
  ...BLACK_ON_WHITE,
  margin: 4,
  ecc: "M",
  logo: "",
  frame: "none",
  caption: "",
};

/**
 * A style over what is below it. The four colours are taken from one of them together, because they were checked with
 * each other.
 */
export function designOver(style: StoredPictureStyle | null | undefined, below: Design): Design {
  const { color, ring, eye, background, ...others } = style ?? {};
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const isColored = [color, ring, eye, background].some((value) => value !== undefined);
  return { ...below, ...given, ...(isColored ? colorsOf({ color, ring, eye, background }) : {}) };
}

function colorsOf({ color, ring, eye, background }: { [N in (typeof COLORS)[number]]: string | undefined }) {
  const dark = hex(color ?? BLACK_ON_WHITE.color);
  const outer = hex(ring ?? dark);
  return {
    color: dark,
    ring: outer,
    eye: hex(eye ?? outer),
    background: hex(background ?? BLACK_ON_WHITE.background),
  };
}

/** Three digits stand for six, and a `#` may be missing. */
function hex(color: string): string {
  if (color === "transparent") return color;
  return `#${color.replace(/^#/, "").replace(/^(.)(.)(.)$/, "$1$1$2$2$3$3")}`.toLowerCase();
}

/** A change of a colour. Finders that had the colour of what they follow go on following it. */
export function recolored(design: Design, name: "color" | "ring" | "eye", value: string): Partial<Design> {
  const { color, ring, eye } = design;
  if (name === "eye") return { eye: value };
  const follows = eye === ring ? { eye: value } : {};
  if (name === "ring") return { ring: value, ...follows };
  return { color: value, ...(ring === color ? { ring: value, ...follows } : {}) };
}

/** What is to be stored of a design: where it differs from what is below. `null` if nowhere. */
export function styleOver(design: Design, below: Design): StoredPictureStyle | null {
  const { color, ring, eye, background, ...others } = design;
  const style: StoredPictureStyle = Object.fromEntries(
    Object.entries(others).filter(([name, value]) => {
      const isOfNoLogo = name === "logoSize" && design.logo === "";
      return value !== undefined && value !== below[name as keyof Design] && !isOfNoLogo;
    }),
  );
  if (COLORS.some((name) => design[name] !== below[name]))
    Object.assign(style, { color, background }, ring === color ? {} : { ring }, eye === ring ? {} : { eye });
  return Object.keys(style).length > 0 ? style : null;
}

export function isSame(one: Design, other: Design): boolean {
  return styleOver(one, other) === null;
}

/** A design as a query says it: all of it, so that it is drawn the same whatever is stored. */
export function queryOf({ logoSize, ...design }: Design): PictureQuery {
  return { ...design, ...(design.logo === "" || logoSize === undefined ? {} : { logoSize }) };
}
