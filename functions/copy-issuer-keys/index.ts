import { usesOf } from "../manifest.ts";
import { processEnv, readEnv, required } from "../runtime/env.ts";
import { fetchIssuerKeys } from "../runtime/open-issuer-keys.ts";
import { createHandler } from "./handler.ts";
import { s3Copy } from "./s3-copy.ts";

const env = readEnv(usesOf("copy-issuer-keys"));

const { AWS_REGION = "", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = processEnv;

const credentials = {
  accessKeyId: AWS_ACCESS_KEY_ID,
  secretAccessKey: AWS_SECRET_ACCESS_KEY,
  sessionToken: AWS_SESSION_TOKEN,
};

export const handler = createHandler(
  fetchIssuerKeys(env),
  s3Copy(new URL(required(env, "ISSUER_KEYS_COPY")), AWS_REGION, credentials),
);
