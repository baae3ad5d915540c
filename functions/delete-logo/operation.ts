import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`204`; pictures in whose style it stands are drawn without it",
  replies: { 204: { description: "it is gone", content: null } },
  problems: [400, 404],
};
