import * as z from "zod";
import { cached, codeReply, type Operation } from "../http/operation.ts";
import { ifNoneMatch, notModified, pictureContent, pictureQuery } from "../http/picture-operation.ts";

export const operation: Operation = {
  reply:
    "`200 {…code, cached}`, or its picture: `Accept: image/svg+xml`, `image/png` or `format=svg\\|png`, with the options of `/qr/{qrId}/picture`",
  query: z.object({ format: z.enum(["json", "svg", "png"]).optional(), ...pictureQuery }),
  headers: ifNoneMatch,
  replies: {
    200: {
      description: "the code, or its picture",
      content: { "application/json": codeReply({ cached }), ...pictureContent },
    },
    304: notModified,
  },
  problems: [400, 404],
};
