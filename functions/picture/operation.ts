import * as z from "zod";
import type { Operation } from "../http/operation.ts";
import {
  drawnContent,
  formatQuery,
  ifNoneMatchOf,
  notModifiedOf,
  printedQuery,
} from "../http/picture-operation.ts";

export const operation: Operation = {
  reply:
    "`200` the picture: `format=svg\\|png\\|pdf\\|eps`, or `info` about it; its style over the stored one, `size` 64–2048 px or `width=30mm` or `module=0.4mm`, `dpi`, `ink`, `spot`; `ETag`, and `304` to `If-None-Match`; `422` for a logo that would make it unreadable",
  query: z.object({ format: formatQuery, ...printedQuery }),
  headers: ifNoneMatchOf("picture"),
  replies: {
    200: {
      description: "the picture of the code's scan URL",
      content: drawnContent,
      headers: ["ETag"],
    },
    304: notModifiedOf("picture"),
  },
  problems: [400, 404, 422],
};
