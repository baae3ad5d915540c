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
  /** Of a PNG in its physical size, in dots an inch. */
  dpi: string;
  ink: InkChoice;
  /** Name of the spot colour, where that is the ink. */
  spot: string;
}

/** What a PDF or EPS is printed with; without a choice, the service takes black alone for what is black. */
export type InkChoice = "usual" | "spot" | NonNullable<PictureQuery["ink"]>;

export const USUAL_PRINT: Print = {
  by: "width",
  width: "30",
  module: "0.4",
  size: "512",
  distance: "30",
  dpi: "300",
  ink: "usual",
  spot: "",
};

/** What a print has no pixels for. */
export function formatsOf({ by }: Print): readonly FileFormat[] {
  return by === "size" ? ["svg", "png"] : ["svg", "png", "pdf", "eps"];
}

/** The measures and the inks of a file, as a query says them. What is not a number the service refuses. */
export function fileMeasuresOf(print: Print, format: FileFormat): PictureQuery {
  const { by, dpi } = print;
  if (by === "size") return measuresOf(print);
  const hasInk = format === "pdf" || format === "eps";
  return {
    ...measuresOf(print),
    ...(format === "png" && dpi !== "" ? ({ dpi } as unknown as PictureQuery) : {}),
    ...(hasInk ? inkOf(print) : {}),
  };
}

function inkOf({ ink, spot }: Print): PictureQuery {
  if (ink === "spot") return { spot };
  return ink === "usual" ? {} : { ink };
}

function measuresOf(print: Print): PictureQuery {
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
