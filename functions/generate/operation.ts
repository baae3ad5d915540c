import * as z from "zod";
import { idempotencyKey } from "../http/idempotency-key.ts";
import { BASE_URL, codeReply, component, jsonReply, type Operation } from "../http/operation.ts";
import { generateBody } from "./schema.ts";

const generated = component(
  "CreatedQrCode",
  codeReply({ svg: z.string().meta({ description: "the picture of its scan URL" }) }),
);

export const operation: Operation = {
  reply:
    "`201 {…code, svg}`; with a repeated `Idempotency-Key` the same with the code as it is now and `Idempotent-Replayed: true`, or 410 if it was deleted since",
  headers: { "Idempotency-Key": idempotencyKey },
  body: component("QrCodeInput", generateBody(BASE_URL)),
  example: { targetUrl: "https://example.com/menu", name: "Menu", tags: ["shop"] },
  replies: {
    201: jsonReply("the new code, or the one that this Idempotency-Key created, as it is now", generated, [
      "Location",
      "ETag",
      "Idempotent-Replayed",
    ]),
  },
  problems: [400, 409, 410, 413, 415],
};
