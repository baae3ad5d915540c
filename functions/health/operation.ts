import * as z from "zod";
import { jsonReply, type Operation } from "../http/operation.ts";
import type { Health } from "./use-case.ts";

const health: z.ZodType<Health> = z.strictObject({
  status: z.enum(["ok", "degraded", "down"]),
  redis: z.enum(["ok", "failing"]),
  breaker: z.enum(["closed", "half-open", "open"]),
  postgres: z.enum(["ok", "failing"]),
});

export const operation: Operation = {
  reply: "`200` ok or degraded, `503` down",
  replies: {
    200: jsonReply("ok, or degraded: Postgres answers for Redis", health),
    503: jsonReply("down", health),
  },
  problems: [],
};
