import * as z from "zod";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { component, count, type Operation } from "../http/operation.ts";
import { ifNoneMatchOf, notModifiedOf, printedContent, printedQuery } from "../http/picture-operation.ts";

const format = z
  .enum(["svg", "png", "pdf", "eps", "info"])
  .meta({ description: "without it `Accept` decides, and an SVG is drawn if it names none of them" })
  .optional();

const millimetres = z.number().min(0);
const percent = z.number().min(0).max(100);

const logo = component(
  "PictureLogo",
  z.object({
    size: percent.meta({ description: "in % of the code's width, as it is drawn; 0 if it is left out" }),
    largest: component("LogoSizes", z.object({ L: percent, M: percent, Q: percent, H: percent })),
  }),
);

const warning = component(
  "PictureWarning",
  z.object({
    code: z.enum(["lower-level", "shorter-id", "too-small", "narrow-quiet-zone", "logo-left-out"]),
    message: z.string(),
  }),
);

const info = component(
  "PictureInfo",
  z.object({
    version: count.meta({ description: "1 to 40" }),
    modules: count.meta({ description: "a side of the code, without its quiet zone" }),
    errorCorrection: z.enum(ECC_LEVELS),
    widthInModules: count.meta({ description: "of the picture, with quiet zone and frame" }),
    heightInModules: z.number(),
    distanceMm: millimetres,
    leastWidthMm: millimetres.meta({ description: "of the picture, to be scanned from that distance" }),
    leastModuleMm: millimetres,
    logo: logo.optional(),
    warnings: z.array(warning),
  }),
);

export const operation: Operation = {
  reply:
    "`200` the picture: `format=svg\\|png\\|pdf\\|eps`, or `info` about it; its style over the stored one, `size` 64–2048 px or `width=30mm` or `module=0.4mm`, `dpi`, `ink`, `spot`; `ETag`, and `304` to `If-None-Match`; `422` for a logo that would make it unreadable",
  query: z.object({ format, ...printedQuery }),
  headers: ifNoneMatchOf("picture"),
  replies: {
    200: {
      description: "the picture of the code's scan URL",
      content: { ...printedContent, "application/json": info },
      headers: ["ETag"],
    },
    304: notModifiedOf("picture"),
  },
  problems: [400, 404, 422],
};
