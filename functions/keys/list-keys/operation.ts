import * as z from "zod";
import { MAX_KEYS } from "../../../core/auth/stored-key.ts";
import { component, count, jsonReply, type Operation } from "../../http/operation.ts";
import { apiKey } from "../schema.ts";

const list = component("ApiKeyList", z.object({ keys: z.array(apiKey).max(MAX_KEYS), count }));

export const operation: Operation = {
  reply: "`200 {keys, count}`: each key's `keyId, name, scopes, createdBy, createdAt, expiresAt, lastUsedAt`",
  replies: { 200: jsonReply("the tenant's keys that are not revoked, newest first", list) },
  problems: [400],
};
