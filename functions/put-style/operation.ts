import { styleReply } from "../../core/code/reply-fields.ts";
import { styleSchema } from "../../core/picture/style-schema.ts";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200` the style as it was set, in place of any before; `{}` sets none",
  body: styleSchema,
  example: { modules: "rounded", finders: "rounded", color: "#003366" },
  replies: { 200: jsonReply("the default style of the tenant's codes", styleReply()) },
  problems: [400, 413, 415],
};
