import type { Operation } from "../http/operation.ts";
import { rowsOperationReply } from "../http/rows-operation.ts";
import { exportQuery } from "./schema.ts";

export const operation: Operation = {
  reply:
    "`200` all codes with their live counts, newest first, as CSV or NDJSON: `format=csv\\|ndjson`, `q`, `tag`, `status`, `limit` 1–10,000, `cursor`; a `Link` to the next page",
  query: exportQuery,
  replies: { 200: rowsOperationReply("a page of codes, newest first") },
  problems: [400, 422],
};
