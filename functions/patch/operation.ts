import { BASE_URL, codeReply, jsonReply, type Operation } from "../http/operation.ts";
import { patchBody } from "./schema.ts";

export const operation: Operation = {
  reply: "`200 {…code}`",
  body: patchBody(BASE_URL),
  // A merge patch (RFC 7396) has a type of its own.
  bodyTypes: ["application/merge-patch+json", "application/json"],
  replies: { 200: jsonReply("the changed code", codeReply()) },
  problems: [400, 404, 413, 415],
};
