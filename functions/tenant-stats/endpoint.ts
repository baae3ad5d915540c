import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { required } from "../runtime/env.ts";
import { fairLimiter } from "../runtime/fair-limiter.ts";
import { searchLimits } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";
import { tenantStatsQuery } from "./schema.ts";
import { tenantStats } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const byTag = fairLimiter(searchLimits(Number(required(services.env, "DATABASE_POOL_SIZE"))));
  return tenantEndpoint("tenant-stats", services, async ({ tenantId, event }) => {
    const query = validate(tenantStatsQuery, event.queryStringParameters ?? {}, "query");
    const read = () => tenantStats(services, tenantId, query);
    return json(200, await (query.tag === undefined ? read() : byTag(tenantId, read)));
  });
}
