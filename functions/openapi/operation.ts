import * as z from "zod";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200` this API's description, OpenAPI 3.1, with an `ETag`; `304` to whoever has it",
  headers: {
    "If-None-Match": z
      .string()
      .meta({ description: "`ETag` of the description that the caller has" })
      .optional(),
  },
  replies: {
    200: jsonReply("the description", z.looseObject({ openapi: z.string() }), ["ETag"]),
    304: { description: "unchanged", content: null, headers: ["ETag"] },
  },
  problems: [],
};
