import * as z from "zod";
import { DPI } from "../../core/picture/measures.ts";
import { DEFAULT_SIZE, SIZE } from "../../core/picture/options.ts";
import { INKS, SPOT_NAME } from "../../core/picture/print/ink.ts";
import { STYLE_MEMBERS } from "../../core/picture/style-schema.ts";
import type { Operation } from "./operation.ts";
import { pictureInfo } from "./picture-info-operation.ts";

const length = (description: string) =>
  z
    .string()
    .regex(/^\d{1,5}(\.\d{1,4})?(mm|in)$/)
    .meta({ description, examples: ["30mm", "1.25in"] })
    .optional();

const whole = ({ min, max }: { min: number; max: number }, description: string) =>
  z.int().min(min).max(max).meta({ description }).optional();

/** The options of a picture as an SVG or a PNG, as a query takes them: its style, over the stored one, and its size. */
export const pictureQuery = {
  size: whole(SIZE, `width in px; without it a PNG has ${DEFAULT_SIZE.png}, an SVG 8 px a module`),
  ...STYLE_MEMBERS,
  fit: z
    .enum(["true", "false"])
    .meta({ description: "raises the level or shrinks the logo where it is too large, instead of 422" })
    .optional(),
  width: length("physical width of the picture; not of `info`, which judges it"),
  module: length("physical side of a module, in place of `width`"),
  dpi: whole(DPI, `of a PNG with a physical size: at least so many dots an inch; ${DPI.default} without it`),
};

/** Of whatever draws in any format. */
export const formatQuery = z
  .enum(["svg", "png", "pdf", "eps", "info"])
  .meta({ description: "without it `Accept` decides, and an SVG is drawn if it names none of them" })
  .optional();

/** The options of all formats. */
export const printedQuery = {
  ...pictureQuery,
  ink: z
    .enum(INKS)
    .meta({
      description:
        "of a PDF or EPS: black ink alone, or colours as RGB or CMYK; without it black is black ink alone",
    })
    .optional(),
  spot: z
    .string()
    .regex(SPOT_NAME)
    .meta({ description: "of a PDF or EPS: the name of a spot colour", examples: ["PANTONE 286 C"] })
    .optional(),
  distance: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,4})?(mm|cm|m|in)$/)
    .meta({ description: "of `info`: from where it is to be scanned; 300mm without it", examples: ["2m"] })
    .optional(),
};

/** A generated client takes one type for all media types of a reply: what may be a PNG is bytes, also as SVG. */
export const bytes = z.string().meta({ format: "binary" });

/** The media types of pictures. */
export const pictureContent: Record<string, z.ZodType> = { "image/svg+xml": bytes, "image/png": bytes };

/** Those of all formats, and of what there is to say of a picture. */
export const drawnContent: Record<string, z.ZodType> = {
  ...pictureContent,
  "application/pdf": bytes,
  "application/postscript": bytes,
  "application/json": pictureInfo,
};

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
