import type { PictureQuery } from "../../../clients/typescript/src/schema.ts";
import type { FileFormat } from "../../codes/draw-picture.ts";

/** How large a picture is to be: what was typed, with which of it counts. */
export interface Print {
  by: "width" | "module" | "size";
  /** In mm. */
  width: string;
  /** In mm. */
  module: string;
  /** In px. */
  size: string;
  /** From where it is scanned, in cm. */
  distance: string;
}

export const USUAL_PRINT: Print = { by: "width", width: "30", module: "0.4", size: "512", distance: "30" };

/** What a print has no pixels for. */
export function formatsOf({ by }: Print): readonly FileFormat[] {
  return by === "size" ? ["svg", "png"] : ["svg", "png", "pdf", "eps"];
}

/** The measures of a file, as a query says them. What is not a number the service refuses. */
export function measuresOf(print: Print): PictureQuery {
  if (print.by === "size") return { size: print.size } as unknown as PictureQuery;
  return { [print.by]: `${print[print.by]}mm` };
}

/** What the advice takes into account. */
export function judgedMeasuresOf(print: Print): PictureQuery {
  const { distance } = print;
  return {
    ...(print.by === "size" ? {} : measuresOf(print)),
    ...(distance === "" ? {} : { distance: `${distance}cm` }),
  };
}
