import * as z from "zod";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { DEFAULT_SIZE, MARGIN, SIZE } from "../../core/picture/options.ts";
import type { Operation } from "./operation.ts";

const color = z.string().regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/);

/** The options of a picture, as a query takes them. */
export const pictureQuery = {
  size: z
    .int()
    .min(SIZE.min)
    .max(SIZE.max)
    .meta({
      description: `width and height in px; without it a PNG has ${DEFAULT_SIZE.png}, an SVG 8 px a module`,
    })
    .optional(),
  margin: z
    .int()
    .min(MARGIN.min)
    .max(MARGIN.max)
    .meta({ description: `quiet zone on each side, in modules; ${MARGIN.default} without it` })
    .optional(),
  ecc: z
    .enum(ECC_LEVELS)
    .meta({ description: "error correction: about 7, 15, 25 or 30 % may be damaged; M without it" })
    .optional(),
  color: color
    .meta({ description: "of the dark modules; black without it", examples: ["003366"] })
    .optional(),
  background: color
    .meta({
      description: "of the light modules and the quiet zone; white without it, and lighter by 40 %",
      examples: ["ffffff"],
    })
    .optional(),
};

/** A generated client takes one type for all media types of a reply: what may be a PNG is bytes, also as SVG. */
const bytes = z.string().meta({ format: "binary" });

/** The media types of pictures. */
export const pictureContent: Record<string, z.ZodType> = { "image/svg+xml": bytes, "image/png": bytes };

/** The reply to a caller that has what is asked for already. */
export const notModifiedOf = (what: string): Operation["replies"][number] => ({
  description: `the ${what} that \`If-None-Match\` names is the current one`,
  content: null,
  headers: ["ETag"],
});

export const ifNoneMatchOf = (what: string) => ({
  "If-None-Match": z
    .string()
    .meta({ description: `\`ETag\` of the ${what} that the caller has` })
    .optional(),
});
