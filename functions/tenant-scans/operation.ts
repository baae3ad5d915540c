import type { Operation } from "../http/operation.ts";
import { rowsOperationReply } from "../http/rows-operation.ts";
import { scansQuery } from "../http/scans-query.ts";

export const operation: Operation = {
  reply: "`200` the single scans of all codes, those since deleted too: as `GET /qr/{qrId}/scans`",
  query: scansQuery,
  replies: { 200: rowsOperationReply("a page of scans, oldest first") },
  problems: [400],
};
