import * as z from "zod";
import { component, count, jsonReply, type Operation } from "../http/operation.ts";
import type { Health } from "./use-case.ts";

const health: z.ZodType<Health> = component(
  "Health",
  z.object({
    status: z.enum(["ok", "degraded", "down"]),
    redis: z.enum(["ok", "failing"]),
    breaker: z.enum(["closed", "half-open", "open"]),
    postgres: z.enum(["ok", "read-only", "failing"]),
    reason: z
      .string()
      .optional()
      .meta({ description: "why the database is read-only: its disk is full, say" }),
    eventLoopDelayMs: count.optional().meta({
      description:
        "how late callbacks run, 99th percentile; only of a process that serves many requests at a time",
    }),
  }),
);

export const operation: Operation = {
  reply: "`200` ok or degraded, `503` down",
  replies: {
    200: jsonReply("ok, or degraded: Postgres answers for Redis, or the database takes no changes", health),
    503: jsonReply("down", health),
  },
  problems: [],
};
