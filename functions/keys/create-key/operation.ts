import { component, jsonReply, type Operation } from "../../http/operation.ts";
import { newApiKey } from "../schema.ts";
import { keyBody } from "./schema.ts";

export const operation: Operation = {
  reply:
    "`201 {…key, key}`, the only time that the key itself is shown; 403 for a scope that the caller lacks",
  body: component("ApiKeyRequest", keyBody),
  example: { name: "Label printer", scopes: ["qr:read"], expiresAt: "2099-12-31T23:59:59Z" },
  replies: { 201: jsonReply("the key that was made", newApiKey, ["Location"]) },
  problems: [400, 409, 413, 415],
};
