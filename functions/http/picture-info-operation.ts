import * as z from "zod";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { component, count } from "./operation.ts";

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
    code: z.enum([
      "lower-level",
      "shorter-id",
      "too-small",
      "narrow-quiet-zone",
      "dark-ground",
      "logo-left-out",
    ]),
    message: z.string(),
  }),
);

/** What there is to say of a picture. */
export const pictureInfo = component(
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
