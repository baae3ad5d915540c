import { parseXml, type XmlDocument, XmlElement, XmlNode } from "@rgrove/parse-xml";
import type { Invalid } from "../../core/errors.ts";
import type { Kept } from "./kept-svg.ts";
import { refusal } from "./refusal.ts";
import { DRAWN_ELEMENTS, REFERENCES, REFUSED, SILENT_ELEMENTS, SVG_NAMESPACE } from "./svg-allowed.ts";
import { checkCost } from "./svg-cost.ts";

/** Markup may stand behind white space, which decoders skip. */
export function isMarkup(file: Buffer): boolean {
  return /^\ufeff?\s*</.test(file.toString("utf8", 0, 256));
}

/**
 * The drawing that an SVG file holds, written anew of what is allowed and nothing else, so that no renderer reads what
 * was not checked. It has no script, no reference to anything outside of it, and no more parts than are drawn in a moment.
 *
 * @throws Invalid
 */
export function safeSvg(file: Buffer): string {
  const { root } = parsed(textOf(file));
  if (!root || localName(root.name) !== "svg") throw refusal("is markup, but no SVG");
  const kept = keep(root, prefixOf(root), 0);
  if (!kept) throw refusal("is an SVG that draws nothing");
  checkCost(kept);
  return written(kept, true);
}

/** The parser and the renderer go down one call for each. */
const MAX_DEPTH = 64;

function textOf(file: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file);
  } catch (cause) {
    throw refusal("is an SVG that is not UTF-8", cause);
  }
}

function parsed(text: string): XmlDocument {
  // An entity could stand for anything, a thousand times over.
  if (/<!DOCTYPE[^>]*\[/i.test(text) || /<!ENTITY/i.test(text))
    throw refusal("is an SVG that declares entities");
  try {
    return parseXml(text);
  } catch (cause) {
    const [reason = ""] = (cause as Error).message.split("\n");
    throw refusal(`is not well-formed: ${reason.slice(0, 100)}`, cause);
  }
}

/** What stands before the names of SVG's elements: nothing, or a prefix as in `svg:path`. */
function prefixOf(root: XmlElement): string {
  const prefix = root.name.includes(":") ? root.name.slice(0, root.name.indexOf(":") + 1) : "";
  const declared = root.attributes[prefix === "" ? "xmlns" : `xmlns:${prefix.slice(0, -1)}`];
  if (declared !== undefined && declared !== SVG_NAMESPACE) throw refusal("is markup, but no SVG");
  return prefix;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function keep(element: XmlElement, prefix: string, depth: number): Kept | undefined {
  if (depth > MAX_DEPTH) throw refusal(`is an SVG whose elements lie more than ${MAX_DEPTH} deep`);
  const name = localName(element.name);
  const isForeign = element.name !== `${prefix}${name}`;
  // A name that is dangerous is refused in any namespace: a prefix may be another name of SVG's own.
  if (!DRAWN_ELEMENTS.has(name)) {
    if (SILENT_ELEMENTS.has(name) || (isForeign && !(name in REFUSED) && !isActive(name))) return undefined;
    throw notAllowed(name);
  }
  if (isForeign) return undefined;
  const attributes = keptAttributes(element, name);
  const isSheet = name === "style";
  const text = isSheet ? safeCss(element.text, "style sheet") : "";
  const children = isSheet
    ? []
    : element.children
        .filter(
          (child): child is XmlElement => child.type === XmlNode.TYPE_ELEMENT && child instanceof XmlElement,
        )
        .flatMap((child) => keep(child, prefix, depth + 1) ?? []);
  return { name, attributes, children, text };
}

function isActive(name: string): boolean {
  return /^(script|foreignobject|handler|iframe|embed|object|audio|video|set|animate.*|a)$/i.test(name);
}

function notAllowed(name: string): Invalid {
  const instead = REFUSED[name];
  return refusal(
    `is an SVG with <${name.slice(0, 40)}>, which is not drawn${instead === undefined ? "" : `: ${instead}`}`,
  );
}

function keptAttributes({ attributes }: XmlElement, element: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (/^on/i.test(localName(name))) throw refusal(`is an SVG with the script of ${name.slice(0, 40)}`);
    if (REFERENCES.has(name)) {
      if (!/^#[^\s"'()<>]+$/.test(value.trim()))
        throw refusal(`is an SVG whose <${element}> refers to something outside of it`);
      kept.href = value.trim();
    } else if (!name.includes(":") && name !== "xmlns") kept[name] = safeCss(value, name);
  }
  return kept;
}

/** Values may refer to parts of the same drawing, and to nothing else. */
function safeCss(value: string, where: string): string {
  const references = value.match(/url\s*\([^)]*\)?/gi) ?? [];
  const isOwn = references.every((reference) => /^url\(\s*(["']?)#[^\s"'()<>]+\1\s*\)$/.test(reference));
  // An escape could spell any of them.
  if (!isOwn || /[@\\]|image\s*\(|javascript:|expression\s*\(/i.test(value))
    throw refusal(`is an SVG whose ${where.slice(0, 40)} refers to something outside of it`);
  return value;
}

function written({ name, attributes, children, text }: Kept, isRoot = false): string {
  const members = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const namespace = isRoot ? ` xmlns="${SVG_NAMESPACE}"` : "";
  return `<${name}${namespace}${members.join("")}>${escaped(text)}${children.map((child) => written(child)).join("")}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
