import type { Kept } from "./kept-svg.ts";
import { refusal } from "./refusal.ts";
import { LAYERS } from "./svg-allowed.ts";

/** Elements that are drawn, once every reference is followed: a reference of references doubles with each. */
const MAX_DRAWN = 10_000;

/** Those among them that take a layer of their own, 4 MB and some milliseconds each. */
const MAX_LAYERS = 200;

/** How much there is to draw. */
interface Cost {
  drawn: number;
  layers: number;
}

/**
 * Checks that a drawing is done in a moment.
 *
 * @throws Invalid if it draws too much, or a part of it refers to itself
 */
export function checkCost(root: Kept): void {
  const all = descendants(root);
  const byId = new Map(
    all.filter(({ attributes }) => attributes.id).map((element) => [element.attributes.id, element]),
  );
  // A style sheet may apply to every element.
  const sheets = all.map(({ text }) => text).join("");
  const isLayered = [...LAYERS].some((name) => sheets.includes(name));
  const sheetReferences = all.length > 0 ? referencesIn([sheets]) : [];
  const known = new Map<Kept, Cost>();
  const open = new Set<Kept>();

  const costOf = (element: Kept): Cost => {
    const before = known.get(element);
    if (before) return before;
    if (open.has(element)) throw refusal("is an SVG with a part that refers to itself");
    open.add(element);
    const cost = { drawn: 1, layers: isLayered || takesLayer(element) ? 1 : 0 };
    const referred = [...referencesIn(Object.values(element.attributes))].flatMap((id) => byId.get(id) ?? []);
    for (const other of [...element.children, ...referred]) {
      const { drawn, layers } = costOf(other);
      cost.drawn += drawn;
      cost.layers += layers;
    }
    open.delete(element);
    known.set(element, cost);
    return cost;
  };

  const { drawn, layers } = costOf(root);
  // What a style sheet refers to may be drawn for every element.
  const bySheets = sheetReferences.reduce(
    (sum, id) => sum + (byId.has(id) ? costOf(byId.get(id) as Kept).drawn : 0),
    0,
  );
  if (drawn * (1 + bySheets) > MAX_DRAWN)
    throw refusal(`is an SVG that draws more than ${MAX_DRAWN} elements`);
  if (layers > MAX_LAYERS)
    throw refusal(`is an SVG with more than ${MAX_LAYERS} transparent or clipped parts`);
}

function descendants(element: Kept): Kept[] {
  return [element, ...element.children.flatMap(descendants)];
}

function takesLayer({ attributes }: Kept): boolean {
  return Object.entries(attributes).some(
    ([name, value]) =>
      LAYERS.has(name) || (name === "style" && [...LAYERS].some((layer) => value.includes(layer))),
  );
}

/** IDs that values refer to, each as often as it does. */
function referencesIn(values: readonly string[]): string[] {
  return values.flatMap((value) => {
    const href = /^#(\S+)$/.exec(value)?.[1];
    const urls = [...value.matchAll(/url\(\s*["']?#([^\s"'()]+)/g)].map(([, id = ""]) => id);
    return href === undefined ? urls : [href, ...urls];
  });
}
