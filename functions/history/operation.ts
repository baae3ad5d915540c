import { historyPage } from "../http/history-operation.ts";
import { historyQuery } from "../http/history-page.ts";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply:
    "`200 {history, count, nextCursor?}`: who changed the code, when, and which fields from what to what; of a deleted code, too; `limit` 1–100, `cursor`",
  query: historyQuery,
  replies: { 200: jsonReply("a page of the code's changes, newest first", historyPage, ["Link"]) },
  problems: [400, 404],
};
