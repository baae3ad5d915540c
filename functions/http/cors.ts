import { routes } from "../manifest.ts";

/**
 * What scripts of the origins that a deployment names may do, in API Gateway as in the local gateway. Tokens travel in a
 * header that no browser adds by itself, so that no origin can act for a visitor unasked.
 */
export const CORS = {
  methods: [...new Set(routes.flatMap(({ methods }) => methods))],
  requestHeaders: [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-tenant-id",
  ],
  /** Headers of replies that scripts may read, besides those that they always may. */
  exposedHeaders: [
    "allow",
    "etag",
    "idempotent-replayed",
    "link",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
  ],
  /** For how long a browser may remember the answer to a preflight. */
  maxAgeS: 3_600,
} as const;
