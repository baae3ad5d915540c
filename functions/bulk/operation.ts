import { idempotencyKey } from "../http/idempotency-key.ts";
import { BASE_URL, component, jsonReply, type Operation } from "../http/operation.ts";
import { bulkBody, bulkQuery, bulkReport } from "./schema.ts";

export const operation: Operation = {
  reply:
    "`200 {selected, changed, unchanged, notFound}`: `set`, `addTags`, `removeTags`, `delete` or `restore` for up to 10,000 codes, chosen by `ids` or by a `filter` of `q`, `tag` and `status`; all or none; `dryRun`, `Idempotency-Key`",
  query: bulkQuery,
  headers: { "Idempotency-Key": idempotencyKey },
  body: component("BulkInput", bulkBody(BASE_URL)),
  example: { select: { filter: { tag: "summer" } }, set: { status: "paused" } },
  replies: {
    200: jsonReply("the IDs of what changed and of what did not", bulkReport, ["Idempotent-Replayed"]),
  },
  problems: [400, 409, 413, 415, 422],
};
