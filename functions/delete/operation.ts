import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  replies: { 204: { description: "deleted", content: null } },
  problems: [400, 404],
};
