import * as z from "zod";
import { cached, codeReply, component, count, jsonReply, type Operation } from "../http/operation.ts";
import { listQuery } from "./schema.ts";

const page = component(
  "QrCodePage",
  z.object({
    qrCodes: z.array(codeReply()),
    count: count.meta({ description: "of the codes on this page" }),
    cached,
    nextCursor: z.string().meta({ description: "absent on the last page" }).optional(),
  }),
);

export const operation: Operation = {
  reply:
    "`200 {qrCodes, count, cached, nextCursor?}` and a `Link` to the next page; `limit` 1–100, `cursor`, `q` (3 characters or more, Chinese, Japanese and Korean also less), `tag`, `status`",
  query: listQuery,
  replies: { 200: jsonReply("a page of codes, newest first", page, ["Link"]) },
  problems: [400, 422],
};
