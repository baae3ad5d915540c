import * as z from "zod";
import { instant, replyFields } from "../../core/code/reply-fields.ts";
import type { HeaderName } from "./reply-headers.ts";

/**
 * What an endpoint takes and replies with, besides what its line of the manifest says: the API's description is made of
 * it. Each endpoint's `operation.ts` exports one as `operation`. No bundle loads it.
 */
export interface Operation {
  /** What it replies and what may be asked of it, for its row in `docs/api.md`: Markdown, one line. */
  reply: string;
  query?: z.ZodType;
  headers?: Record<string, z.ZodType>;
  body?: z.ZodType;
  /** Media types of the body; JSON alone unless it says otherwise. */
  bodyTypes?: readonly string[];
  /** Bodies of other types, each with one that it takes. */
  otherBodies?: Record<string, { schema: z.ZodType; example: string }>;
  /** A body that it takes. */
  example?: Record<string, unknown>;
  /** By status; `null` has no body. A list names several media types. */
  replies: Record<number, OperationReply>;
  /** Problems it may reply with, besides those of every route. */
  problems: number[];
}

export interface OperationReply {
  description: string;
  content: Record<string, z.ZodType> | null;
  /** Headers that it has besides those of every reply. */
  headers?: readonly HeaderName[];
}

/** Any base URL will do: it does not show in the description. */
export const BASE_URL = "https://qr.example.com";

/** A reply of JSON. */
export function jsonReply(
  description: string,
  schema: z.ZodType,
  headers: readonly HeaderName[] = [],
): OperationReply {
  return { description, content: { "application/json": schema }, headers };
}

/** Gives a schema a name of its own in the description: a generated client has one class for it. */
export function component<T extends z.ZodType>(name: string, schema: T): T {
  return schema.meta({ ...schema.meta(), component: name });
}

/** A code in a reply, with what the endpoint adds to it. */
export function codeReply(added?: Record<string, z.ZodType>): z.ZodType {
  const code = component("QrCode", z.object(replyFields()));
  return added ? z.intersection(code, z.object(added)) : code;
}

/** A code, or a tombstone, as it is at the moment. */
export const listedCode = component(
  "ListedQrCode",
  codeReply({
    today: z
      .int()
      .min(0)
      .meta({ description: "scans on the page's `date`, in UTC; with `today=true` alone" })
      .optional(),
    deletedAt: instant.meta({ description: "of a deleted code alone" }).optional(),
  }),
);

export const cached = z.boolean().meta({ description: "whether the reply came from Redis" });

export const count = z.int().min(0);
