import type { Path, Point } from "../path.ts";
import { decimal } from "./number.ts";

/** Names of the steps of a path in a page description language. */
interface Operators {
  M: string;
  L: string;
  C: string;
  Z: string;
}

/** The path in postfix notation, a line for each outline. */
export function pathOperators(path: Path, operators: Operators): string {
  return path
    .map((segment) => {
      if (segment[0] === "Z") return `${operators.Z}\n`;
      const numbers = (segment.slice(1) as Point[]).flat().map(decimal);
      return `${numbers.join(" ")} ${operators[segment[0]]} `;
    })
    .join("");
}
