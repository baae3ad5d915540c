import * as z from "zod";
import { contentSchema } from "../../core/content/content.ts";
import { component, type Operation } from "../http/operation.ts";
import { drawnContent, formatQuery, printedQuery } from "../http/picture-operation.ts";

export const operation: Operation = {
  reply:
    "`200` the picture of one of `wifi`, `vcard`, `text`, `geo`, `email`, `phone`, which is stored nowhere; format and style as those of a code's picture, over the tenant's style; `422` for what is longer than any code",
  query: z.object({ format: formatQuery, ...printedQuery }),
  body: component("PictureContent", contentSchema),
  example: { wifi: { ssid: "Guests", password: "correct horse" } },
  replies: { 200: { description: "the picture of what the body says", content: drawnContent } },
  problems: [400, 413, 415, 422],
};
