import type { Design } from "../design.ts";
import type { Measures } from "../measures.ts";
import { type Ink, toCmyk } from "./ink.ts";

/** What a request says of it. */
export type InkChoice = { readonly [N in "ink" | "spot"]?: Measures[N] | undefined };

/**
 * The ink of a print. What is black is black ink alone, also where nothing was asked for: a printer would make RGB's
 * black of all its inks.
 */
export function inkFor({ ink, spot }: InkChoice, { look }: Design): Ink {
  if (spot !== undefined) return { kind: "spot", name: spot, alternate: toCmyk(look.color) };
  if (ink !== undefined) return { kind: ink };
  const dark = [look.color, look.ring, look.eye];
  return { kind: dark.every((color) => color.join() === "0,0,0") ? "cmyk" : "rgb" };
}
