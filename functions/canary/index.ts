import { usesOf } from "../manifest.ts";
import { emfMetrics } from "../runtime/emf-metrics.ts";
import { readEnv, required } from "../runtime/env.ts";
import { createLog } from "../runtime/log.ts";
import { createHandler } from "./handler.ts";

const env = readEnv(usesOf("canary"));

export const handler = createHandler({
  publicUrl: required(env, "PUBLIC_BASE_URL"),
  log: createLog(required(env, "LOG_LEVEL")),
  metrics: emfMetrics("canary"),
});
