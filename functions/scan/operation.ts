import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  replies: { 302: { description: "to the target, or to the fallback", content: null } },
  problems: [400, 404, 410],
};
