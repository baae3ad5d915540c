import { ifMatch } from "../http/if-match-operation.ts";
import type { Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`204`; `If-Match`, and `412` as above; `POST /qr/{qrId}/restore` undoes it",
  headers: ifMatch,
  replies: { 204: { description: "deleted", content: null } },
  problems: [400, 404, 412],
};
