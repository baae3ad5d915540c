import * as z from "zod";
import { cached, component, count, jsonReply, listedCode, type Operation } from "../http/operation.ts";
import { ifNoneMatchOf, notModifiedOf } from "../http/picture-operation.ts";
import { listQuery } from "./schema.ts";

const page = component(
  "QrCodePage",
  z.object({
    qrCodes: z.array(listedCode),
    count: count.meta({ description: "of the codes on this page" }),
    cached,
    date: z.iso.date().meta({ description: "the UTC day of `today`, with `today=true`" }).optional(),
    nextCursor: z.string().meta({ description: "absent on the last page" }).optional(),
  }),
);

export const operation: Operation = {
  reply:
    "`200 {qrCodes, count, cached, date?, nextCursor?}` and a `Link` to the next page; `limit` 1–100, `cursor`, `q` (3 characters or more, Chinese, Japanese and Korean also less), `tag`, `status`; `today=true` gives each code its `today`, the scans on `date` (UTC); `deleted=true` lists what can be restored, with `deletedAt`; `ETag`, and `304` to `If-None-Match`",
  query: listQuery,
  headers: ifNoneMatchOf("page"),
  replies: {
    200: jsonReply("a page of codes, newest first", page, ["Link", "ETag"]),
    304: notModifiedOf("page"),
  },
  problems: [400, 422],
};
