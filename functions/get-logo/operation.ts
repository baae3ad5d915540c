import * as z from "zod";
import type { Operation } from "../http/operation.ts";
import { ifNoneMatchOf, notModifiedOf } from "../http/picture-operation.ts";

export const operation: Operation = {
  reply: "`200` the logo as it is drawn, a PNG; `ETag`, and `304` to `If-None-Match`",
  headers: ifNoneMatchOf("logo"),
  replies: {
    200: {
      description: "the logo as it is drawn",
      content: { "image/png": z.string().meta({ format: "binary" }) },
      headers: ["ETag"],
    },
    304: notModifiedOf("logo"),
  },
  problems: [400, 404],
};
