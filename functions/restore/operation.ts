import { ifMatch } from "../http/if-match-operation.ts";
import { codeReply, jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200 {…code}` as it was before it was deleted; `If-Match`; 409 if it is not deleted",
  headers: ifMatch,
  replies: { 200: jsonReply("the code, which is there again", codeReply(), ["ETag"]) },
  problems: [400, 404, 409, 412],
};
