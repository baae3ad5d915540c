import { ifMatch } from "../http/if-match-operation.ts";
import { BASE_URL, codeReply, component, jsonReply, type Operation } from "../http/operation.ts";
import { patchBody } from "./schema.ts";

export const operation: Operation = {
  reply: "`200 {…code}`; `If-Match`, and `412` with the code as it is if it was changed since",
  headers: ifMatch,
  body: component("QrCodePatch", patchBody(BASE_URL).meta({ minProperties: 1 })),
  example: { targetUrl: "https://example.com/autumn", expiresAt: null },
  // A merge patch (RFC 7396) has a type of its own.
  bodyTypes: ["application/merge-patch+json", "application/json"],
  replies: { 200: jsonReply("the changed code", codeReply(), ["ETag"]) },
  problems: [400, 404, 412, 413, 415],
};
