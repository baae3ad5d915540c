import * as z from "zod";
import { BASE_URL, codeReply, jsonReply, type Operation } from "../http/operation.ts";
import { generateBody, idempotencyKey } from "./schema.ts";

const generated = codeReply({ svg: z.string() });

export const operation: Operation = {
  reply:
    "`201 {…code, svg}`; with a repeated `Idempotency-Key` the same with the code as it is now and `Idempotent-Replayed: true`, or 410 if it was deleted since",
  headers: { "Idempotency-Key": idempotencyKey },
  body: generateBody(BASE_URL),
  replies: {
    201: jsonReply("the new code, or the one that this Idempotency-Key created, as it is now", generated),
  },
  problems: [400, 409, 410, 413, 415],
};
