import * as z from "zod";
import { generateBody, idempotencyKey } from "../../functions/generate/schema.ts";
import { listQuery } from "../../functions/list/schema.ts";
import type { RouteName } from "../../functions/manifest.ts";
import { patchBody } from "../../functions/patch/schema.ts";
import { statsQuery } from "../../functions/stats/schema.ts";
import * as replies from "./replies.ts";

/** What a route takes and replies with, besides what `routes.ts` says of it. */
export interface Operation {
  query?: z.ZodType;
  headers?: Record<string, z.ZodType>;
  body?: z.ZodType;
  /** By status; `null` has no body. A list names several media types. */
  replies: Record<number, { description: string; content: Record<string, z.ZodType> | null }>;
  /** Problems it may reply with, besides those of every route. */
  problems: number[];
}

/** Any base URL will do: it does not show in the description. */
const BASE_URL = "https://qr.example.com";

const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { "application/json": schema },
});

const wholeNumber = z.string().regex(/^\d+$/);
const color = z.string().regex(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/);

const pictureQuery = z.object({
  format: z.enum(["json", "svg", "png"]).optional(),
  size: wholeNumber.meta({ description: "px, 64 to 2048; 512 for a PNG" }).optional(),
  margin: wholeNumber.meta({ description: "modules, 0 to 16; 4" }).optional(),
  ecc: z.enum(["L", "M", "Q", "H"]).optional(),
  color: color.optional(),
  background: color.optional(),
});

export const operations: Record<RouteName, Operation> = {
  list: {
    query: listQuery,
    replies: { 200: json("a page of codes, newest first", replies.listPage) },
    problems: [400, 422],
  },
  get: {
    query: pictureQuery,
    replies: {
      200: {
        description: "the code, or its picture",
        content: {
          "application/json": replies.readCode,
          "image/svg+xml": z.string(),
          "image/png": z.string(),
        },
      },
    },
    problems: [400, 404],
  },
  stats: {
    query: statsQuery,
    replies: { 200: json("the code's figures", replies.scanStats) },
    problems: [400, 404],
  },
  generate: {
    headers: { "Idempotency-Key": idempotencyKey },
    body: generateBody(BASE_URL),
    replies: {
      201: json("the new code", replies.generatedCode),
      200: json("the first result of this Idempotency-Key", replies.generatedCode),
    },
    problems: [400, 409, 413, 415],
  },
  patch: {
    body: patchBody(BASE_URL),
    replies: { 200: json("the changed code", replies.qrCode) },
    problems: [400, 404, 413, 415],
  },
  delete: { replies: { 204: { description: "deleted", content: null } }, problems: [400, 404] },
  scan: {
    replies: { 302: { description: "to the target, or to the fallback", content: null } },
    problems: [400, 404, 410],
  },
  health: {
    replies: {
      200: json("ok, or degraded: Postgres answers for Redis", replies.health),
      503: json("down", replies.health),
    },
    problems: [],
  },
};
