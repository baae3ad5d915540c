import type { Operation } from "../http/operation.ts";
import { rowsOperationReply } from "../http/rows-operation.ts";
import { scansQuery } from "../http/scans-query.ts";

export const operation: Operation = {
  reply:
    "`200` the code's single scans that are kept, oldest first, as CSV or NDJSON: `from`, `to`, `format=csv\\|ndjson`, `limit` 1–10,000, `cursor`; a `Link` to the next page",
  query: scansQuery,
  replies: { 200: rowsOperationReply("a page of scans, oldest first") },
  problems: [400, 404],
};
