import * as z from "zod";
import { BASE_URL, codeReply, jsonReply, type Operation } from "../http/operation.ts";
import { generateBody, idempotencyKey } from "./schema.ts";

const generated = codeReply({ svg: z.string() });

export const operation: Operation = {
  reply: "`201 {…code, svg}`; with a repeated `Idempotency-Key` 200 and the code as it is now",
  headers: { "Idempotency-Key": idempotencyKey },
  body: generateBody(BASE_URL),
  replies: {
    201: jsonReply("the new code", generated),
    200: jsonReply("the code that this Idempotency-Key made, as it is now", generated),
  },
  problems: [400, 409, 413, 415],
};
