import { sharedLambdaHandler } from "../http/lambda.ts";
import { createHandler as createKey } from "./create-key/endpoint.ts";
import { createHandler as listKeys } from "./list-keys/endpoint.ts";
import { createHandler as revokeKey } from "./revoke-key/endpoint.ts";

export const handler = await sharedLambdaHandler("keys", {
  "list-keys": listKeys,
  "create-key": createKey,
  "revoke-key": revokeKey,
});
