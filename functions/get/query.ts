import { Invalid } from "../../core/errors.ts";
import type { Representation } from "./representation.ts";

const PICTURE_PARAMETERS = ["size", "margin", "ecc", "color", "background"];

/** @throws Invalid if the query holds a parameter that the reply would ignore */
export function refuseUnknown(
  query: Record<string, string | undefined>,
  representation: Representation,
): void {
  const known = representation === "json" ? ["format"] : ["format", ...PICTURE_PARAMETERS];
  const unknown = Object.keys(query).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new Invalid(
    unknown.map((path) => ({ path, message: `is not a parameter of a ${representation} reply` })),
  );
}
