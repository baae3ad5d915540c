import * as z from "zod";
import { ECC_LEVELS } from "../../core/picture/ecc.ts";
import { DEFAULT_SIZE, MARGIN, SIZE } from "../../core/picture/options.ts";
import { cached, codeReply, component, type Operation } from "../http/operation.ts";

const color = z
  .string()
  .regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)
  .meta({ examples: ["003366"] });
/** A generated client takes one type for all media types of a reply: what may be a PNG is bytes, also as SVG. */
const bytes = z.string().meta({ format: "binary" });

const query = z.object({
  format: z.enum(["json", "svg", "png"]).meta({ description: "decides over `Accept`" }).optional(),
  size: z
    .int()
    .min(SIZE.min)
    .max(SIZE.max)
    .meta({
      description: `width and height in px; without it a PNG has ${DEFAULT_SIZE.png}, an SVG fits its page`,
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
  color: color.meta({ description: "of the dark modules; black without it" }).optional(),
  background: color
    .meta({ description: "of the light modules and the quiet zone; white without it" })
    .optional(),
});

export const operation: Operation = {
  reply:
    "`200 {…code, cached}`, or its picture: `Accept: image/svg+xml`, `image/png` or `format=svg\\|png`, with `size` 64–2048 px, `margin` 0–16 modules, `ecc` L M Q H, `color`, `background`",
  query,
  replies: {
    200: {
      description: "the code, or its picture",
      content: {
        "application/json": component("StoredQrCode", codeReply({ cached })),
        "image/svg+xml": bytes,
        "image/png": bytes,
      },
    },
  },
  problems: [400, 404],
};
