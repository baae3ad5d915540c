import { historyPage } from "../http/history-operation.ts";
import { historyQuery } from "../http/history-page.ts";
import { jsonReply, type Operation } from "../http/operation.ts";

export const operation: Operation = {
  reply: "`200 {history, count, nextCursor?}`: the same of all the tenant's codes; `limit` 1–100, `cursor`",
  query: historyQuery,
  replies: { 200: jsonReply("a page of changes, newest first", historyPage, ["Link"]) },
  problems: [400],
};
