import * as z from "zod";
import type { Operation } from "../http/operation.ts";
import { ifNoneMatchOf, notModifiedOf, pictureContent, pictureQuery } from "../http/picture-operation.ts";

const format = z
  .enum(["svg", "png"])
  .meta({ description: "without it `Accept` decides, and an SVG is drawn if it names neither" })
  .optional();

export const operation: Operation = {
  reply:
    "`200` the picture: `format=svg\\|png`, `size` 64–2048 px, `margin` 0–16 modules, `ecc` L M Q H, `color`, `background`; `ETag`, and `304` to `If-None-Match`",
  query: z.object({ format, ...pictureQuery }),
  headers: ifNoneMatchOf("picture"),
  replies: {
    200: { description: "the picture of the code's scan URL", content: pictureContent, headers: ["ETag"] },
    304: notModifiedOf("picture"),
  },
  problems: [400, 404],
};
