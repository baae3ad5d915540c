import * as z from "zod";
import { cached, codeReply, type Operation } from "../http/operation.ts";

const wholeNumber = z.string().regex(/^\d+$/);
const color = z.string().regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/);

const query = z.object({
  format: z.enum(["json", "svg", "png"]).optional(),
  size: wholeNumber.meta({ description: "px, 64 to 2048; 512 for a PNG" }).optional(),
  margin: wholeNumber.meta({ description: "modules, 0 to 16; 4" }).optional(),
  ecc: z.enum(["L", "M", "Q", "H"]).optional(),
  color: color.optional(),
  background: color.optional(),
});

export const operation: Operation = {
  reply:
    "`200 {…code, cached}`, or its picture: `Accept: image/svg+xml`, `image/png` or `format=svg\\|png`, with `size` 64–2048 px, `margin` 0–16 modules, `ecc` L M Q H, `color`, `background`",
  query,
  replies: {
    200: {
      description: "the code, or its picture",
      content: {
        "application/json": codeReply({ cached }),
        "image/svg+xml": z.string(),
        "image/png": z.string(),
      },
    },
  },
  problems: [400, 404],
};
