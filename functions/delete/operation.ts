import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`204`",
  replies: { 204: { description: "deleted", content: null } },
  problems: [400, 404],
};
