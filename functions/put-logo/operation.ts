import * as z from "zod";
import { logoReply } from "../http/logo-operation.ts";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply:
    "`201`, or `200` in place of one of that name: `{name, width, height, bytes, …}`. The body is a PNG, a JPEG or an SVG of 256 KiB at most, which is drawn anew as a PNG of 1,024 px at most",
  body: z.string().meta({ format: "binary" }),
  bodyTypes: ["image/png", "image/jpeg", "image/svg+xml", "application/octet-stream"],
  replies: {
    200: jsonReply("the logo in place of the one before", logoReply),
    201: jsonReply("the new logo", logoReply, ["Location"]),
  },
  problems: [400, 409, 413, 415],
};
