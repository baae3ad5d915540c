import * as z from "zod";
import { cached, codeReply, component, type Operation } from "../http/operation.ts";
import { ifNoneMatchOf, notModifiedOf, pictureContent, pictureQuery } from "../http/picture-operation.ts";

export const operation: Operation = {
  reply:
    "`200 {…code, cached}`, or its picture: `Accept: image/svg+xml`, `image/png` or `format=svg\\|png`, with the options of `/qr/{qrId}/picture`; `ETag`, and `304` to `If-None-Match`",
  query: z.object({
    format: z.enum(["json", "svg", "png"]).meta({ description: "decides over `Accept`" }).optional(),
    ...pictureQuery,
  }),
  headers: ifNoneMatchOf("code or picture"),
  replies: {
    200: {
      description: "the code, or its picture",
      content: { "application/json": component("StoredQrCode", codeReply({ cached })), ...pictureContent },
      headers: ["ETag"],
    },
    304: notModifiedOf("code or picture"),
  },
  problems: [400, 404, 422],
};
