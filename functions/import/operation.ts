import * as z from "zod";
import { idempotencyKey } from "../http/idempotency-key.ts";
import { BASE_URL, component, jsonReply, type Operation } from "../http/operation.ts";
import { importQuery, importReport, importRow, MAX_ROWS } from "./schema.ts";

const codes = z
  .array(component("ImportRow", importRow(BASE_URL)))
  .min(1)
  .max(MAX_ROWS);

export const operation: Operation = {
  reply:
    "`200 {rows, created, updated, unchanged, skipped, failed, failures, codes}`: up to 10,000 codes as JSON (`{codes: […]}`) or CSV; `mode=atomic\\|partial`, `onConflict=fail\\|update\\|skip`, `dryRun`, `Idempotency-Key`; 400 with `failures` by line if all or none were to be imported",
  query: importQuery,
  headers: { "Idempotency-Key": idempotencyKey },
  body: component("ImportInput", z.strictObject({ codes })),
  example: {
    codes: [
      { qrId: "table-1", targetUrl: "https://example.com/menu?table=1", tags: ["table"] },
      { targetUrl: "https://example.com/menu", name: "Menu" },
    ],
  },
  otherBodies: {
    "text/csv": {
      schema: component(
        "ImportCsv",
        z.string().meta({
          description:
            "the first line names fields; separated by commas, semicolons or tabs, quoted as in RFC 4180",
        }),
      ),
      example: "qrId,targetUrl,tags\r\ntable-1,https://example.com/menu?table=1,table\r\n",
    },
  },
  replies: { 200: jsonReply("what became of each row", importReport, ["Idempotent-Replayed"]) },
  problems: [400, 409, 413, 415],
};
