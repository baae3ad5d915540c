import * as z from "zod";

/** Headers of replies, as the API's description names them. */
export const REPLY_HEADERS = {
  "X-Request-Id": z.string().meta({ description: "names the request in the logs" }),
  Location: z.string().meta({ description: "where what was made is found, or where a scan leads" }),
  Link: z.string().meta({ description: '`<…>; rel="next"`: the next page; absent on the last one' }),
  ETag: z.string().meta({ description: "for `If-None-Match`; of a code also for `If-Match`" }),
  "Idempotent-Replayed": z
    .literal("true")
    .meta({ description: "an earlier request with this `Idempotency-Key` did the work" }),
  "WWW-Authenticate": z
    .string()
    .meta({ description: "`Bearer`, with an error code if a token was refused (RFC 6750)" }),
  "Retry-After": z.int().min(0).meta({ description: "seconds after which a retry may succeed" }),
  RateLimit: z.string().meta({ description: '`"name";r=requests left;t=seconds until all are back`' }),
  "RateLimit-Policy": z.string().meta({ description: '`"name";q=requests;w=seconds`' }),
} satisfies Record<string, z.ZodType>;

export type HeaderName = keyof typeof REPLY_HEADERS;

/** Headers of a reply with this status, whatever the route. API Gateway's own replies have none of them. */
export const HEADERS_OF_STATUS: Partial<Record<number, readonly HeaderName[]>> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After", "RateLimit", "RateLimit-Policy"],
  503: ["Retry-After"],
};
