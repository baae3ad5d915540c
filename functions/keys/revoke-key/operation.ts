import type { Operation } from "../../http/operation.ts";

export const operation: Operation = {
  reply: "`204`; from then on every endpoint refuses the key",
  replies: { 204: { description: "revoked", content: null } },
  problems: [400, 404],
};
