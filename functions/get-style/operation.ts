import { styleReply } from "../../core/code/reply-fields.ts";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200` the style of the tenant's pictures: `{}` if none was set",
  replies: { 200: jsonReply("the default style of the tenant's codes", styleReply()) },
  problems: [400],
};
