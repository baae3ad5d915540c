/** What a logo may be drawn with. Text would need its fonts; a filter or a picture in the picture costs what it likes. */
export const DRAWN_ELEMENTS: ReadonlySet<string> = new Set([
  "svg",
  "g",
  "defs",
  "symbol",
  "use",
  "path",
  "rect",
  "circle",
  "ellipse",
  "line",
  "polyline",
  "polygon",
  "linearGradient",
  "radialGradient",
  "stop",
  "clipPath",
  "mask",
  "pattern",
  "style",
]);

/** What draws nothing: left out without a word, as is whatever editors store in namespaces of their own. */
export const SILENT_ELEMENTS: ReadonlySet<string> = new Set(["title", "desc", "metadata", "view"]);

/** What is asked for most often, and what to do instead. */
export const REFUSED: Record<string, string> = {
  text: "turn its text into outlines",
  tspan: "turn its text into outlines",
  textPath: "turn its text into outlines",
  image: "upload the picture itself",
  filter: "flatten its effects",
};

export const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

/** Attributes by which a drawing refers to a part of itself. */
export const REFERENCES: ReadonlySet<string> = new Set(["href", "xlink:href"]);

/** Attributes that make a renderer draw apart and then put together: each costs as much as the whole picture. */
export const LAYERS: ReadonlySet<string> = new Set([
  "opacity",
  "mask",
  "clip-path",
  "mix-blend-mode",
  "isolation",
]);
