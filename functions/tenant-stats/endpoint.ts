import { type HttpHandler, tenantEndpoint } from "../http/endpoint.ts";
import { json } from "../http/reply.ts";
import { validate } from "../http/validate.ts";
import { searchLimiter } from "../runtime/search-limits.ts";
import type { Services } from "../runtime/services.ts";
import { tenantStatsQuery } from "./schema.ts";
import { tenantStats } from "./use-case.ts";

export function createHandler(services: Services): HttpHandler {
  const byTag = searchLimiter(services.env);
  return tenantEndpoint("tenant-stats", services, async ({ tenantId, event }) => {
    const query = validate(tenantStatsQuery, event.queryStringParameters ?? {}, "query");
    const read = () => tenantStats(services, tenantId, query);
    return json(200, await (query.tag === undefined ? read() : byTag(tenantId, read)));
  });
}
