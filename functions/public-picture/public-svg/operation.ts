import type { Operation } from "../../http/operation.ts";
import { bytes, ifNoneMatchOf, notModifiedOf } from "../../http/picture-operation.ts";

export const operation: Operation = {
  reply:
    "`200` the picture in the code's stored style, for `<img>` and mail; `ETag`, and `304` to `If-None-Match`",
  headers: ifNoneMatchOf("picture"),
  replies: {
    200: {
      description: "the picture of the code's scan URL",
      content: { "image/svg+xml": bytes },
      headers: ["ETag"],
    },
    304: notModifiedOf("picture"),
  },
  problems: [400, 404],
};
